import Runtime

/// Whether CPUs are awake and at one speed.
enum PowerChecks {
    static let all = [
        MachineCheck("governor", "frequency", governor),
        MachineCheck("energy-preference", "frequency", preference),
        MachineCheck("c-states", "frequency", sleep),
        MachineCheck("turbo", "frequency", turbo),
    ]

    /// Leaving a deeper sleep than this takes, in µs, longer than an order takes through the node.
    private static let longestWakeMicroseconds = 10

    private static let folder = "/sys/devices/system/cpu"

    private static func cpus(_ machine: ExaminedMachine) -> [Int] {
        machine.nodeCPUs.isEmpty ? machine.online : machine.nodeCPUs
    }

    private static func governor(_ machine: ExaminedMachine) -> [Outcome] {
        uniform(machine, "scaling_governor", "CPUs slow down when they rest")
    }

    private static func preference(_ machine: ExaminedMachine) -> [Outcome] {
        uniform(machine, "energy_performance_preference", "the CPU saves energy where it thinks it may")
    }

    /// A file of each CPU that should say `performance`.
    private static func uniform(_ machine: ExaminedMachine, _ file: String, _ cause: String) -> [Outcome] {
        var words: [String: [Int]] = [:]
        for cpu in cpus(machine) {
            guard let word = machine.folder.line("\(folder)/cpu\(cpu)/cpufreq/\(file)") else { continue }
            words[word, default: []].append(cpu)
        }
        let wrong = words.filter { $0.key != "performance" }
        if words.isEmpty { return [.pass("not this machine's to set")] }
        if wrong.isEmpty { return [.pass("performance")] }
        let text = wrong.keys.sorted().map { "\($0) on CPUs \(cpuList(wrong[$0] ?? []))" }.joined(separator: ", ")
        return [
            .warn("\(text): \(cause)", remedy: Remedy.write("performance", to: "\(folder)/cpu*/cpufreq/\(file)"))
        ]
    }

    private static func sleep(_ machine: ExaminedMachine) -> [Outcome] {
        var deepest: (name: String, microseconds: Int)?
        var states = 0
        for cpu in cpus(machine) {
            let idle = "\(folder)/cpu\(cpu)/cpuidle"
            for name in machine.folder.names(idle) where name.hasPrefix("state") {
                states += 1
                guard machine.folder.number("\(idle)/\(name)/disable") ?? 0 == 0,
                    let latency = machine.folder.number("\(idle)/\(name)/latency"),
                    latency > max(longestWakeMicroseconds, deepest?.microseconds ?? 0)
                else { continue }
                deepest = (machine.folder.line("\(idle)/\(name)/name") ?? name, latency)
            }
        }
        if states == 0 { return [.pass("the kernel tells of none")] }
        guard let deepest else { return [.pass("every one is left within \(longestWakeMicroseconds) µs")] }
        return [
            .warn(
                "\(deepest.name) takes \(deepest.microseconds) µs to wake from: a core that waits, its sibling and its "
                    + "socket fall into it",
                remedy: "for s in \(folder)/cpu*/cpuidle/state*; do [ $(cat $s/latency) -le "
                    + "\(longestWakeMicroseconds) ] || echo 1 | sudo tee $s/disable; done")
        ]
    }

    /// Turbo is fastest, and what a core gets then hangs on temperature and on its neighbours.
    private static func turbo(_ machine: ExaminedMachine) -> [Outcome] {
        let off = "\(folder)/intel_pstate/no_turbo"
        let on = "\(folder)/cpufreq/boost"
        let found = "on: the speed of a core follows temperature and neighbours; off it is steady, and lower"
        if let value = machine.folder.number(off) {
            return [value == 1 ? .pass("off") : .warn(found, remedy: Remedy.write("1", to: off))]
        }
        if let value = machine.folder.number(on) {
            return [value == 0 ? .pass("off") : .warn(found, remedy: Remedy.write("0", to: on))]
        }
        return [.pass("not this machine's to set")]
    }
}
