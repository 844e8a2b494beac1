/// What is wrong with a core plan. The description names the cause and the remedy.
public enum CorePlanError: Error, Equatable, CustomStringConvertible {
    case unnamedCore(stages: [String])
    case coreTwice(core: String)
    case coreWithoutStages(core: String)
    case unknownStage(stage: String, core: String, known: [String])
    case stageTwice(stage: String, firstCore: String, secondCore: String)
    case stageMissing(stage: String, cores: [String])
    case cpuTwice(cpu: Int, firstCore: String, secondCore: String)
    case cpuNotAvailable(cpu: Int, core: String, available: AvailableCPUs)

    public var description: String {
        switch self {
        case .unnamedCore(let stages):
            return "core plan: the core with the stages [\(stages.joined(separator: ", "))] has no name: give it one"
        case .coreTwice(let core):
            return "core plan: two cores are called '\(core)': rename one of them"
        case .coreWithoutStages(let core):
            return "core plan: core '\(core)' has no stages: give it some or delete it"
        case .unknownStage(let stage, let core, let known):
            return "core plan: core '\(core)' names the stage '\(stage)', which this node does not have: "
                + "write one of \(known.joined(separator: ", "))"
        case .stageTwice(let stage, let first, let second) where first == second:
            return "core plan: core '\(first)' names the stage '\(stage)' twice: delete one"
        case .stageTwice(let stage, let first, let second):
            return "core plan: the stage '\(stage)' is on core '\(first)' and on core '\(second)', but only one thread "
                + "may run it: delete it from one of them"
        case .stageMissing(let stage, let cores):
            return "core plan: no core runs the stage '\(stage)': add it to the stages of "
                + (cores.isEmpty ? "a core" : "one of \(cores.joined(separator: ", "))")
        case .cpuTwice(let cpu, let first, let second):
            return "core plan: the cores '\(first)' and '\(second)' are both pinned to CPU \(cpu), where they would "
                + "block each other: give one another CPU, or put all their stages on one core"
        case .cpuNotAvailable(let cpu, let core, let available):
            return "core plan: core '\(core)' is pinned to CPU \(cpu), but this process may run on CPUs \(available): "
                + "choose one of these, leave 'cpu' out, or allow the CPU ('taskset -c', '--cpuset-cpus=' of a "
                + "container, 'AllowedCPUs=' of a systemd unit)"
        }
    }
}
