/// A physical core as a place for one poller: one of its CPUs is used, the others stay empty.
struct PhysicalCore: Equatable {
    /// The CPU a poller would be pinned to: an isolated one before the others, then the lowest.
    var cpu: Int
    /// Its other online CPUs, ascending.
    var siblings: [Int]
    var node: Int
    /// The CPUs behind its L3, ascending; empty when that is not told.
    var cache: [Int]
    var isIsolated: Bool
    /// CPU 0 takes the kernel's own work: timekeeping, interrupts nobody else wants.
    var holdsCPU0: Bool
    /// Whether it shares its L3 with CPU 0.
    var isBesideCPU0: Bool

    /// The cores with at least one usable CPU, in the order of these.
    static func all(of topology: MachineTopology, usable: [Int]) -> [PhysicalCore] {
        let isUsable = Set(usable)
        let isIsolated = Set(topology.isolated)
        var seen: Set<[Int]> = []
        var cores: [PhysicalCore] = []
        for cpu in topology.cpus where isUsable.contains(cpu.number) && seen.insert(cpu.siblings).inserted {
            let own = cpu.siblings.filter(isUsable.contains)
            let chosen = own.first(where: isIsolated.contains) ?? cpu.number
            cores.append(
                PhysicalCore(
                    cpu: chosen, siblings: cpu.siblings.filter { $0 != chosen }, node: cpu.node,
                    cache: cpu.sharesL3With, isIsolated: isIsolated.contains(chosen),
                    holdsCPU0: cpu.siblings.contains(0), isBesideCPU0: cpu.sharesL3With.contains(0)))
        }
        return cores.sorted { $0.cpu < $1.cpu }
    }
}
