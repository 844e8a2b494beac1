import Glibc
import Node
import Runtime

/// CPUs the node has, and who else is on them.
enum ProcessorChecks {
    static let all = [
        MachineCheck("cpus", "cpus", count),
        MachineCheck("cpu-flags", "cpus", flags),
        MachineCheck("core-plan", "cpus", plan),
        MachineCheck("core-occupied", "cpus", occupied),
        MachineCheck("cpu-zero", "cpus", cpuZero),
        MachineCheck("smt-sibling", "cpus", siblings),
        MachineCheck("cpu-quota", "cpus", quota),
        MachineCheck("steal", "cpus", steal),
    ]

    private static func count(_ machine: ExaminedMachine) -> [Outcome] {
        switch machine.topology {
        case .failure(let error):
            return [.fail("\(error)", remedy: "sudo mount -t sysfs sysfs /sys")]
        case .success(let topology):
            let cpus = machine.permitted
            let text = "\(cpus.count) to use (\(cpuList(cpus))); \(topology.summary)"
            if cpus.count >= 4 { return [.pass(text)] }
            return [
                .warn(
                    "\(text): cores share them and back off when idle",
                    remedy: "give the node four CPUs or more: then its cores poll without rest")
            ]
        }
    }

    /// What DPDK's baseline `corei7` may execute anywhere, and what ISA-L and vector drivers look for.
    private static func flags(_ machine: ExaminedMachine) -> [Outcome] {
        if machine.cpuFlags.isEmpty { return [.pass("no flags are told")] }
        let missing = ["pni", "ssse3", "cx16", "sse4_1", "sse4_2", "popcnt"].filter { !machine.cpuFlags.contains($0) }
        if !missing.isEmpty {
            return [
                .fail(
                    "missing: \(missing.joined(separator: ", ")): the program stops at an instruction the CPU lacks",
                    remedy: "take a CPU of 2008 or later; for a virtual machine: qemu-system-x86_64 -cpu host")
            ]
        }
        let better = ["avx2", "pclmulqdq", "pdpe1gb", "rdtscp"].filter { !machine.cpuFlags.contains($0) }
        if better.isEmpty { return [.pass("SSE4.2, AVX2, carry-less multiplication, 1 GiB pages")] }
        return [
            .warn(
                "missing: \(better.joined(separator: ", ")): drivers and checksums take slower ways",
                remedy: "for a virtual machine: qemu-system-x86_64 -cpu host")
        ]
    }

    private static func plan(_ machine: ExaminedMachine) -> [Outcome] {
        switch machine.plan {
        case nil: return []
        case .success(let plan): return [.pass(plan.text)]
        case .failure(let error):
            return [.fail("\(error)", remedy: "wissel plan   # prints a section `cores` that fits this machine")]
        }
    }

    /// A CPU that was promised to the node, or that it polls without rest, is not to be shared.
    private static func occupied(_ machine: ExaminedMachine) -> [Outcome] {
        guard let configuration = machine.configuration, !machine.nodeCPUs.isEmpty else { return [] }
        let own = [machine.folder.isHere ? getpid() : nil, machine.runningNode].compactMap { $0 }
        let work = PinnedWork.found(on: machine.nodeCPUs, in: machine, except: own)
        guard let first = work.first else {
            return [.pass("nobody else works there bound to CPUs \(cpuList(machine.nodeCPUs))")]
        }
        let isPromised = !configuration.cores.plan.isEmpty || machine.pollsWithoutRest
        var seen: Set<Int32> = []
        let rows = work.filter { seen.insert($0.process).inserted }.map {
            "process \($0.process) (\($0.command)) on \(cpuList($0.cpus))"
        }
        let found = "busy and bound to CPUs of the plan: \(rows.prefix(4).joined(separator: "; "))"
        let others = machine.otherCPUs
        let remedy =
            others.isEmpty ? "sudo kill \(first.process)" : "sudo taskset -a -p -c \(cpuList(others)) \(first.process)"
        return [isPromised ? .fail(found, remedy: remedy) : .warn(found, remedy: remedy)]
    }

    private static func cpuZero(_ machine: ExaminedMachine) -> [Outcome] {
        guard machine.configured != nil else { return [] }
        guard machine.pollsWithoutRest, machine.nodeCPUs.contains(0) else {
            return [.pass("no core polls there without rest")]
        }
        return [
            .warn(
                "a core of the plan polls there, where the kernel keeps time and takes interrupts nobody else wants",
                remedy: "wissel plan   # leaves CPU 0 to the system from four physical cores on")
        ]
    }

    private static func siblings(_ machine: ExaminedMachine) -> [Outcome] {
        guard let topology = try? machine.topology.get() else { return [] }
        let shared = topology.cpus.filter { $0.siblings.count > 1 }
        if shared.isEmpty { return [.pass("one thread per physical core")] }
        let node = Set(machine.configured == nil ? [] : machine.nodeCPUs)
        if node.isEmpty { return [.pass("\(shared.count) CPUs share \(Set(shared.map(\.siblings)).count) cores")] }
        let pairs = Set(shared.map { $0.siblings.filter(node.contains) }.filter { $0.count > 1 })
        if !pairs.isEmpty {
            let text = pairs.map(cpuList).sorted().joined(separator: "; ")
            return [
                .warn(
                    "cores of the plan share a physical core: CPUs \(text): each gets half of it",
                    remedy: "wissel plan   # gives each core a physical one of its own")
            ]
        }
        let besides = Set(shared.filter { node.contains($0.number) }.flatMap(\.siblings)).subtracting(node)
        let open = besides.subtracting(topology.isolated).sorted()
        if open.isEmpty { return [.pass("no other program is let onto the siblings of \(cpuList(node.sorted()))")] }
        let list = open.map(String.init).joined(separator: ",")
        return [
            .warn(
                "other programs may run on CPUs \(cpuList(open)), which are siblings of the node's",
                remedy: Remedy.write(
                    "0", to: "/sys/devices/system/cpu/cpu\(open.count == 1 ? list : "{\(list)}")/online"))
        ]
    }

    /// A core that polls uses its CPU whole, and a quota takes it away for the rest of each period.
    private static func quota(_ machine: ExaminedMachine) -> [Outcome] {
        for line in (machine.folder.text("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            var words: [Substring] = []
            if fields[0] == "0" {
                words = (machine.folder.line("/sys/fs/cgroup\(fields[2])/cpu.max") ?? "").split(separator: " ")
            } else if fields[1].split(separator: ",").contains("cpu") {
                let files = ["cfs_quota_us", "cfs_period_us"].map { "/sys/fs/cgroup/cpu\(fields[2])/cpu.\($0)" }
                words = files.compactMap { machine.folder.line($0)?[...] }
            }
            guard words.count == 2, let microseconds = Int(words[0]), microseconds > 0, let period = Int(words[1])
            else { continue }
            return [
                .warn(
                    "the cgroup has \(grouped(microseconds)) µs of CPU time in each \(grouped(period)) µs: cores stand "
                        + "still for the rest",
                    remedy: "sudo systemctl set-property UNIT CPUQuota=   # a container: docker update --cpus 0 NAME")
            ]
        }
        return [.pass("no quota")]
    }

    /// Time the hypervisor gave to others while this machine wanted to run, since it booted.
    private static func steal(_ machine: ExaminedMachine) -> [Outcome] {
        let fields = (machine.folder.line("/proc/stat") ?? "").split(separator: " ").dropFirst().compactMap { Int($0) }
        let total = fields.prefix(8).reduce(0, +)
        guard fields.count >= 8, total > 0 else { return [.pass("none is told")] }
        let perMille = Double(fields[7]) / Double(total) * 1_000
        let text = "\(fixed(perMille / 10, 2)) % of the time since boot"
        if perMille <= 1 { return [.pass(text)] }
        return [
            .warn(
                "\(text): the hypervisor lets others run in between",
                remedy: "bind each virtual CPU to one of the host that nobody else uses: virsh vcpupin DOMAIN VCPU CPU")
        ]
    }
}
