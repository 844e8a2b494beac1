import Runtime

/// Whether to run on huge pages, and the sentence that tells the operator.
public struct HugePageDecision: Equatable, Sendable {
    public let hugePages: EALOptions.HugePages
    public let message: String
    /// What is missing in a few words; empty when nothing is.
    public let lack: String
    /// Size of the pages meant; 0 when there are none.
    public let pageBytes: Int

    /// Huge pages when `neededMegabytes` of one size are free on one node, else ordinary memory of `ordinaryMegabytes`,
    /// or as much when nil.
    public init(pools: [HugePages.Pool], neededMegabytes: Int, ordinaryMegabytes: Int? = nil) {
        let best = pools.filter { $0.node != nil }.max { $0.freeBytes < $1.freeBytes }
        pageBytes = best?.pageBytes ?? 0
        let freeMegabytes = (best?.freeBytes ?? 0) >> 20
        if let best, let node = best.node, freeMegabytes >= neededMegabytes {
            hugePages = .inMemory
            lack = ""
            message = "huge pages: \(best.free) free of \(best.pageBytes >> 10) kB on node \(node)"
        } else {
            hugePages = .none(megabytes: ordinaryMegabytes ?? neededMegabytes)
            lack = Self.lack(pools, free: freeMegabytes, needed: neededMegabytes)
            message = Self.message(lack: lack)
        }
    }

    /// Huge pages when each node has what is needed there in pages of one size, else ordinary memory.
    /// - Parameter needs: MiB by NUMA node; not empty.
    public init(pools: [HugePages.Pool], needs: [Int: Int], ordinaryMegabytes: Int) {
        precondition(!needs.isEmpty, "memory is needed on some node")
        var (found, lacks): ([HugePages.Pool], [String]) = ([], [])
        for (node, megabytes) in needs.sorted(by: { $0.key < $1.key }) {
            let best = pools.of(node: node).max { $0.freeBytes < $1.freeBytes }
            if let best, best.freeBytes >> 20 >= megabytes {
                found.append(best)
            } else {
                let lack = Self.lack(pools, free: (best?.freeBytes ?? 0) >> 20, needed: megabytes)
                lacks.append(lack + " on node \(node)")
            }
        }
        let hasAny = pools.contains { $0.total > 0 }
        pageBytes = found.map(\.pageBytes).min() ?? 0
        lack = !hasAny ? "no huge pages" : lacks.joined(separator: ", ")
        if lacks.isEmpty {
            hugePages = .inMemory
            let parts = zip(found, needs.keys.sorted()).map {
                "\($0.free) free of \($0.pageBytes >> 10) kB on node \($1)"
            }
            message = "huge pages: \(parts.joined(separator: ", "))"
        } else {
            hugePages = .none(megabytes: ordinaryMegabytes)
            message = Self.message(lack: lack)
        }
    }

    private static func lack(_ pools: [HugePages.Pool], free: Int, needed: Int) -> String {
        pools.contains { $0.total > 0 } ? "only \(free) of \(needed) MB in huge pages" : "no huge pages"
    }

    private static func message(lack: String) -> String {
        "\(lack): running with --no-huge, slower; `wissel plan --hugepages` says how many to reserve"
    }
}

extension EAL {
    /// Decides between huge pages and none from what this machine has free now.
    public static func hugePagesAvailable(
        neededMegabytes: Int, ordinaryMegabytes: Int? = nil
    ) -> HugePageDecision {
        HugePageDecision(
            pools: HugePages.status().pools, neededMegabytes: neededMegabytes, ordinaryMegabytes: ordinaryMegabytes)
    }
}
