import CPlatform
import Runtime

/// The kernel's clock, and what it does beside running programs.
enum KernelChecks {
    static let all = [
        MachineCheck("tsc", "clock", counter),
        MachineCheck("clocksource", "clock", source),
        MachineCheck("clock-sync", "clock", synchronisation),
        MachineCheck("mitigations", "kernel", mitigations),
        MachineCheck("rt-throttling", "kernel", throttling),
        MachineCheck("audit", "kernel", audit),
        MachineCheck("machine-check-polling", "kernel", machineChecks),
        MachineCheck("io-uring", "kernel", ring),
    ]

    // MARK: Clock

    private static func counter(_ machine: ExaminedMachine) -> [Outcome] {
        if machine.cpuFlags.isEmpty { return [.pass("no flags are told")] }
        let missing = ["tsc", "constant_tsc", "nonstop_tsc"].filter { !machine.cpuFlags.contains($0) }
        if missing.isEmpty { return [.pass("counts at one rate, asleep or awake")] }
        return [
            .warn(
                "missing: \(missing.joined(separator: ", ")): the time-stamp counter follows the CPU's speed or stops, and "
                    + "the node reads the kernel's clock",
                remedy: "for a virtual machine: qemu-system-x86_64 -cpu host,+invtsc")
        ]
    }

    private static func source(_ machine: ExaminedMachine) -> [Outcome] {
        let folder = "/sys/devices/system/clocksource/clocksource0"
        guard let name = machine.folder.line("\(folder)/current_clocksource") else {
            return [.pass("the kernel does not tell")]
        }
        // Those that are read without entering the kernel (vdso(7)).
        if ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page"].contains(name) { return [.pass(name)] }
        let others = (machine.folder.line("\(folder)/available_clocksource") ?? "").split(separator: " ")
        return [
            .warn(
                "\(name): each look at the time enters the kernel",
                remedy: others.contains("tsc")
                    ? Remedy.write("tsc", to: "\(folder)/current_clocksource")
                    : "sudo dmesg | grep -i tsc   # why the kernel does not trust it; tsc=reliable at boot overrules it"
            )
        ]
    }

    private static func synchronisation(_ machine: ExaminedMachine) -> [Outcome] {
        func runs(_ names: String...) -> String? { names.first { !machine.processes(named: $0).isEmpty } }
        let hardware = runs("ptp4l")
        if let hardware, runs("phc2sys") == nil {
            return [
                .warn(
                    "\(hardware) runs without phc2sys: the NIC's clock is right, the system's is not led by it",
                    remedy: "sudo systemctl enable --now phc2sys   # Debian: package linuxptp")
            ]
        }
        if let name = hardware ?? runs("chronyd", "ntpd", "ntpsec", "systemd-timesyn") {
            return [.pass(name == "ptp4l" ? "ptp4l and phc2sys" : name)]
        }
        let microseconds = machine.folder.isHere ? cplatform_clock_error() : -1
        if microseconds >= 0 {
            return [.pass("the kernel says so, ± \(grouped(microseconds)) µs; by whom is not to be seen from here")]
        }
        return [
            .warn(
                "nobody leads the clock: no ptp4l, chronyd, ntpd or systemd-timesyncd",
                remedy: "sudo apt install chrony   # or linuxptp, for a NIC with a clock of its own")
        ]
    }

    // MARK: Beside running programs

    private static func mitigations(_ machine: ExaminedMachine) -> [Outcome] {
        let folder = "/sys/devices/system/cpu/vulnerabilities"
        let active = machine.folder.names(folder).filter {
            machine.folder.line("\(folder)/\($0)")?.hasPrefix("Mitigation:") ?? false
        }
        if active.isEmpty { return [.pass("none active")] }
        let names = active.prefix(4).joined(separator: ", ") + (active.count > 4 ? ", …" : "")
        return [
            .warn(
                "\(active.count) active (\(names)): indirect calls and the way into the kernel are slower",
                remedy: Remedy.boot("mitigations=off") + "; only where nothing foreign ever runs")
        ]
    }

    /// Matters only to those who start the node under a real-time policy.
    private static func throttling(_ machine: ExaminedMachine) -> [Outcome] {
        let name = "kernel.sched_rt_runtime_us"
        guard let runtime = machine.folder.number("/proc/sys/kernel/sched_rt_runtime_us") else {
            return [.pass("this kernel has no \(name)")]
        }
        if runtime == -1 { return [.pass("off")] }
        let policy = ThreadStatus(machine.folder.text("/proc/self/stat"))?.policy ?? 0
        guard policy == 1 || policy == 2 else {
            return [.pass("\(grouped(runtime)) µs a second; the node does not run under a real-time policy")]
        }
        return [
            .warn(
                "\(name) = \(runtime): a core under a real-time policy stands still for the rest of each second",
                remedy: Remedy.sysctl(name, -1))
        ]
    }

    private static func audit(_ machine: ExaminedMachine) -> [Outcome] {
        if let process = machine.processes(named: "auditd").first {
            return [
                .warn(
                    "auditd runs (process \(process.id)): every call into the kernel is looked at",
                    remedy: "sudo systemctl disable --now auditd && sudo auditctl -e 0")
            ]
        }
        if machine.bootArgument("audit") == "1" {
            return [
                .warn(
                    "audit=1 at boot: every call into the kernel is looked at",
                    remedy: "sudo sed -i 's/ *\\baudit=1\\b//' /etc/default/grub && sudo update-grub  # then boot")
            ]
        }
        return [.pass("nobody listens")]
    }

    /// Corrected memory errors are looked for by a timer on every CPU (Documentation/arch/x86/x86_64/machinecheck.rst).
    private static func machineChecks(_ machine: ExaminedMachine) -> [Outcome] {
        let folder = "/sys/devices/system/machinecheck"
        let interval = machine.folder.line("\(folder)/machinecheck0/check_interval")
        guard let seconds = interval.flatMap({ Int($0, radix: 16) }) else {
            return [.pass("the kernel tells of none")]
        }
        if seconds == 0 { return [.pass("off")] }
        return [
            .warn(
                "every \(grouped(seconds)) s a timer on each CPU looks for corrected memory errors",
                remedy: Remedy.write("0", to: "\(folder)/machinecheck0/check_interval"))
        ]
    }

    private static func ring(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "kernel.io_uring_disabled", better: 0, because: "the journal waits for each write (pwrite and fdatasync)"
        ) { $0 == 0 }
    }
}
