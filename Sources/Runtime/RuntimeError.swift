/// Why a core, a clock or a piece of memory could not be set up. The description names the cause and the remedy.
public enum RuntimeError: Error, Equatable, CustomStringConvertible {
    /// The machine has no CPU of that number.
    case cpuDoesNotExist(core: String, cpu: Int, existing: [Int])
    /// The CPU exists but is switched off.
    case cpuOffline(core: String, cpu: Int)
    /// The CPU exists but the process's cgroup does not include it.
    case cpuNotAllowed(core: String, cpu: Int, allowed: [Int])
    /// The operating system gave no thread; `code` is the errno value.
    case threadNotCreated(core: String, code: Int32)
    /// The core's own set-up step failed on its new thread.
    case startHookFailed(core: String, reason: String)
    /// The time-stamp counter could not be matched to the system clock.
    case clockNotCalibrated(reason: String)
    /// The kernel does not tell on which nodes pages of a process lie; `code` is the errno value.
    case pagesNotTold(process: Int32, code: Int32)

    public var description: String {
        switch self {
        case .cpuDoesNotExist(let core, let cpu, let existing):
            return "core '\(core)' is to run on CPU \(cpu), but this machine has only CPUs \(cpuList(existing)): "
                + "give the core one of these in the core plan, or leave its CPU out to run unpinned"
        case .cpuOffline(let core, let cpu):
            return "core '\(core)' is to run on CPU \(cpu), which is offline: switch it on with "
                + "'echo 1 > /sys/devices/system/cpu/cpu\(cpu)/online' as root, or choose another CPU"
        case .cpuNotAllowed(let core, let cpu, let allowed):
            return "core '\(core)' is to run on CPU \(cpu), which the cgroup of this process does not include "
                + "(the calling thread may run on \(cpuList(allowed))): give it with "
                + "'systemctl set-property UNIT AllowedCPUs=…', in a container with '--cpuset-cpus=…', "
                + "or choose one of the allowed CPUs"
        case .threadNotCreated(let core, let code):
            return "no thread for core '\(core)': \(errorText(code)): raise the limit of processes ('ulimit -u', "
                + "'TasksMax=' of the systemd unit) or free memory"
        case .startHookFailed(let core, let reason):
            return "core '\(core)' could not be set up on its thread: \(reason)"
        case .clockNotCalibrated(let reason):
            return "the clock could not be calibrated: \(reason): start again when the machine is less loaded, "
                + "and check 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource'"
        case .pagesNotTold(let process, let code):
            return
                "the kernel does not tell where the memory of process \(process) lies: \(errorText(code)): ask as root "
                + "or as the process's own user, while it runs"
        }
    }
}
