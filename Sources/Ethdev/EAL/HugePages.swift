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
            let found = pools.contains { $0.total > 0 }
            lack = found ? "only \(freeMegabytes) of \(neededMegabytes) MB in huge pages" : "no huge pages"
            message = "\(lack): running with --no-huge, slower; `hugepages/reserve` gives them"
        }
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
