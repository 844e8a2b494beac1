import Runtime

/// What the kernel does with memory behind the node's back.
enum MemoryChecks {
    static let all = [
        MachineCheck("transparent-huge-pages", "memory", transparentHugePages),
        MachineCheck("swap", "memory", swap),
        MachineCheck("swappiness", "memory", swappiness),
        MachineCheck("numa-balancing", "memory", balancing),
        MachineCheck("ksm", "memory", merging),
        MachineCheck("zone-reclaim", "memory", reclaim),
        MachineCheck("compaction", "memory", compaction),
        MachineCheck("statistics-interval", "memory", statistics),
    ]

    private static func transparentHugePages(_ machine: ExaminedMachine) -> [Outcome] {
        let path = "/sys/kernel/mm/transparent_hugepage/enabled"
        guard let word = machine.folder.choice(path) else { return [.pass("this kernel has none")] }
        if word != "always" { return [.pass(word)] }
        return [
            .warn(
                "always: memory is moved together behind the program's back, which waits meanwhile",
                remedy: Remedy.write("madvise", to: path))
        ]
    }

    /// Names of what is swapped to.
    private static func swaps(_ machine: ExaminedMachine) -> [Substring] {
        (machine.folder.text("/proc/swaps") ?? "").split(separator: "\n").dropFirst().compactMap {
            $0.split(whereSeparator: \.isWhitespace).first
        }
    }

    private static func swap(_ machine: ExaminedMachine) -> [Outcome] {
        let names = swaps(machine)
        if names.isEmpty { return [.pass("none")] }
        return [
            .warn(
                "\(names.joined(separator: ", ")): a page that was written away takes milliseconds to come back",
                remedy: "sudo swapoff -a && sudo sed -i '/\\sswap\\s/s/^/#/' /etc/fstab")
        ]
    }

    private static func swappiness(_ machine: ExaminedMachine) -> [Outcome] {
        let hasSwap = !swaps(machine).isEmpty
        if let value = machine.folder.number("/proc/sys/vm/swappiness"), !hasSwap {
            return [.pass("vm.swappiness = \(value), and there is no swap")]
        }
        return machine.setting(
            "vm.swappiness", better: 0, because: "programs' pages are written away to make room for files"
        ) { $0 <= 10 }
    }

    private static func balancing(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "kernel.numa_balancing", better: 0,
            because: "the kernel takes pages away to see who uses them, and each costs a fault"
        ) { $0 == 0 }
    }

    private static func merging(_ machine: ExaminedMachine) -> [Outcome] {
        let path = "/sys/kernel/mm/ksm/run"
        guard machine.folder.number(path) == 1 else { return [.pass("off")] }
        return [
            .warn(
                "on: equal pages are merged, and the first write to one waits for a copy",
                remedy: Remedy.write("2", to: path))
        ]
    }

    private static func reclaim(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "vm.zone_reclaim_mode", better: 0, because: "a full node drops file pages before it takes memory of another"
        ) { $0 == 0 }
    }

    private static func compaction(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "vm.compaction_proactiveness", better: 0, because: "the kernel moves pages of running programs unasked"
        ) { $0 == 0 }
    }

    private static func statistics(_ machine: ExaminedMachine) -> [Outcome] {
        machine.setting(
            "vm.stat_interval", better: 120, because: "memory counters of each CPU are gathered every so many seconds"
        ) { $0 >= 10 }
    }
}
