/// The cores nobody has taken yet, and the order in which they are offered.
struct FreeCores {
    private var cores: [PhysicalCore]
    /// Place of each L3 in the order of preference; the key is its first CPU, -1 where none is told.
    private let cacheRanks: [Int: [Int: Int]]

    /// - Parameter wishes: the node of each row that will take a core.
    init(_ cores: [PhysicalCore], wishes: [Int]) {
        self.cores = cores
        var ranks: [Int: [Int: Int]] = [:]
        for (node, own) in Dictionary(grouping: cores, by: \.node) {
            let wanted = max(wishes.count { $0 == node }, 1)
            // Room for all that want to be here comes first, and a cache the kernel's own work does not use.
            func key(_ cache: [PhysicalCore]) -> (Int, Int, Int, Int) {
                (
                    -min(cache.count(where: \.isIsolated), wanted), -min(cache.count, wanted),
                    cache.contains(where: \.isBesideCPU0) ? 1 : 0, cache[0].cpu
                )
            }
            let caches = Dictionary(grouping: own, by: \.cacheNumber).values.sorted { key($0) < key($1) }
            ranks[node] = Dictionary(uniqueKeysWithValues: caches.enumerated().map { ($1[0].cacheNumber, $0) })
        }
        cacheRanks = ranks
    }

    /// Takes the best core of a node, or of the nearest one that has any: isolated before others, then by L3, then by
    /// number. Nil when none is left.
    mutating func take(near node: Int, topology: MachineTopology) -> PhysicalCore? {
        let nodes = Set(cores.map(\.node))
        guard let nearest = nodes.min(by: { topology.isNearer($0, than: $1, to: node) }) else { return nil }
        let ranks = cacheRanks[nearest] ?? [:]
        func key(_ core: PhysicalCore) -> (Int, Int, Int) {
            (core.isIsolated ? 0 : 1, ranks[core.cacheNumber] ?? 0, core.cpu)
        }
        let best = cores.indices.filter { cores[$0].node == nearest }.min { key(cores[$0]) < key(cores[$1]) }
        return best.map { cores.remove(at: $0) }
    }
}

extension PhysicalCore {
    fileprivate var cacheNumber: Int { cache.first ?? -1 }
}
