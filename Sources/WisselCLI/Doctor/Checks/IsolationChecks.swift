import Runtime

/// Whether the kernel keeps its own work, and that of others, off the node's CPUs.
enum IsolationChecks {
    static let all = [
        MachineCheck("cpu-isolated", "isolation", isolated),
        MachineCheck("cpu-tickless", "isolation", tickless),
        MachineCheck("cpu-rcu", "isolation", callbacks),
        MachineCheck("irq-affinity", "isolation", interrupts),
        MachineCheck("irqbalance", "isolation", balancer),
        MachineCheck("workqueues", "isolation", workqueues),
        MachineCheck("nmi-watchdog", "isolation", hardWatchdog),
        MachineCheck("watchdog", "isolation", softWatchdog),
    ]

    private static func isolated(_ machine: ExaminedMachine) -> [Outcome] {
        kept(machine, (try? machine.topology.get())?.isolated ?? [], "free of other programs (isolcpus=)")
    }

    private static func tickless(_ machine: ExaminedMachine) -> [Outcome] {
        kept(machine, (try? machine.topology.get())?.tickless ?? [], "free of the scheduler's tick (nohz_full=)")
    }

    /// nohz_full= brings rcu_nocbs= with it (Documentation/timers/no_hz.rst).
    private static func callbacks(_ machine: ExaminedMachine) -> [Outcome] {
        let own = machine.bootArgument("rcu_nocbs").map { $0 == "all" ? machine.online : cpuNumbers($0) ?? [] } ?? []
        let ticks = (try? machine.topology.get())?.tickless ?? []
        return kept(machine, Set(own + ticks).sorted(), "free of RCU's callbacks (rcu_nocbs=)")
    }

    /// Without a configuration: whether there are such CPUs at all.
    private static func kept(_ machine: ExaminedMachine, _ cpus: [Int], _ what: String) -> [Outcome] {
        guard let plan = machine.configured else {
            if !cpus.isEmpty { return [.pass("CPUs \(cpuList(cpus))")] }
            return [
                .warn(
                    "no CPU is kept \(what)",
                    remedy: "wissel plan | grep kernel:   # what GRUB_CMDLINE_LINUX of /etc/default/grub should hold")
            ]
        }
        let wanted = plan.cores.compactMap(\.cpu).sorted()
        let missing = wanted.filter { !cpus.contains($0) }
        if wanted.isEmpty {
            return [.warn("the plan binds no core to a CPU", remedy: "wissel plan   # names CPUs")]
        }
        if missing.isEmpty { return [.pass("CPUs \(cpuList(wanted)) of the plan are kept \(what)")] }
        return [
            .warn(
                "CPUs \(cpuList(missing)) of the plan are not kept \(what)",
                remedy: machine.otherCPUs.isEmpty ? moreCPUs : Remedy.isolate(wanted))
        ]
    }

    private static let moreCPUs = "leave the system a CPU of its own: more CPUs, or fewer cores in the plan"

    private static func interrupts(_ machine: ExaminedMachine) -> [Outcome] {
        let node = Set(machine.nodeCPUs)
        if node.isEmpty { return [.pass("no CPU is set apart")] }
        let numbers = machine.folder.names("/proc/irq").compactMap { Int($0) }.sorted()
        let there = numbers.filter { number in
            let folder = "/proc/irq/\(number)"
            let now = machine.folder.cpus("\(folder)/effective_affinity_list")
            return !node.isDisjoint(with: now.isEmpty ? machine.folder.cpus("\(folder)/smp_affinity_list") : now)
        }
        if there.isEmpty { return [.pass("no device interrupts CPUs \(cpuList(node.sorted()))")] }
        let others = machine.otherCPUs
        let list = there.prefix(12).map(String.init).joined(separator: " ")
        return [
            .warn(
                "\(there.count) of \(numbers.count) interrupts go to CPUs \(cpuList(node.sorted()))",
                remedy: others.isEmpty
                    ? moreCPUs
                    : "for i in \(there.count > 12 ? "$(ls /proc/irq | grep '^[0-9]')" : list); do echo "
                        + "\(cpuList(others)) | sudo tee /proc/irq/$i/smp_affinity_list; done")
        ]
    }

    private static func balancer(_ machine: ExaminedMachine) -> [Outcome] {
        guard let process = machine.processes(named: "irqbalance").first else { return [.pass("not running")] }
        let settings = (machine.folder.text("/etc/default/irqbalance") ?? "").split(separator: "\n")
        if settings.contains(where: { $0.hasPrefix("IRQBALANCE_BANNED_CP") }) {
            return [.pass("process \(process.id), told which CPUs to leave alone")]
        }
        return [
            .warn(
                "process \(process.id) moves interrupts to CPUs as it likes",
                remedy: "sudo systemctl disable --now irqbalance")
        ]
    }

    /// Kernel work that is bound to no CPU (Documentation/core-api/workqueue.rst).
    private static func workqueues(_ machine: ExaminedMachine) -> [Outcome] {
        let path = "/sys/devices/virtual/workqueue/cpumask"
        guard let cpus = machine.folder.cpuMask(path) else { return [.pass("the kernel does not tell")] }
        let there = machine.nodeCPUs.filter(cpus.contains)
        if there.isEmpty { return [.pass("the kernel's unbound work runs on CPUs \(cpuList(cpus))")] }
        let others = machine.otherCPUs
        return [
            .warn(
                "the kernel's unbound work may run on CPUs \(cpuList(there))",
                remedy: others.isEmpty ? moreCPUs : Remedy.write(mask(others), to: path))
        ]
    }

    /// The kernel takes masks in groups of 32 bits.
    private static func mask(_ cpus: [Int]) -> String {
        var words = [UInt32](repeating: 0, count: (cpus.max() ?? 0) / 32 + 1)
        for cpu in cpus { words[cpu / 32] |= 1 << UInt32(cpu % 32) }
        return words.reversed().map { String($0, radix: 16) }.enumerated().map { index, text in
            index == 0 ? text : String(repeating: "0", count: 8 - text.count) + text
        }.joined(separator: ",")
    }

    private static func hardWatchdog(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "kernel.nmi_watchdog", better: 0, because: "a performance counter interrupts each CPU every few seconds"
        ) { $0 == 0 }
    }

    private static func softWatchdog(_ machine: ExaminedMachine) -> [Outcome] {
        guard machine.folder.number("/proc/sys/kernel/watchdog") ?? 0 != 0 else { return [.pass("off")] }
        let cpus = machine.folder.cpus("/proc/sys/kernel/watchdog_cpumask")
        let there = machine.nodeCPUs.filter(cpus.contains)
        if there.isEmpty { return [.pass("looks at CPUs \(cpuList(cpus))")] }
        let others = machine.otherCPUs
        return [
            .warn(
                "a timer looks at CPUs \(cpuList(there)) every few seconds",
                remedy: others.isEmpty
                    ? Remedy.sysctl("kernel.watchdog", 0)
                    : "sudo sysctl -w kernel.watchdog_cpumask=\(cpuList(others))")
        ]
    }
}
