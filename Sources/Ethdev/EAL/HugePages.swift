import Runtime

/// Whether to run on huge pages, and the sentence that tells the operator.
public struct HugePageDecision: Equatable, Sendable {
    public let hugePages: EALOptions.HugePages
    public let message: String
    /// What is missing in a few words; empty when nothing is.
    public let lack: String
    /// Size of the pages meant; 0 when there are none.
    public let pageBytes: Int

    /// What packet buffers take in one place.
    public struct Need: Equatable, Sendable {
        /// That of the NICs; nil: all on one node, whichever.
        public var node: Int?
        public var megabytes: Int

        public init(node: Int?, megabytes: Int) {
            self.node = node
            self.megabytes = megabytes
        }
    }

    /// The pool with most free memory where it is needed; nil when there is none.
    public static func pool(for need: Need, in pools: [HugePages.Pool]) -> HugePages.Pool? {
        let near = pools.filter { $0.node != nil && (need.node == nil || $0.node == need.node) }
        return near.max { $0.freeBytes < $1.freeBytes }
    }

    /// Huge pages when every need is met, else ordinary memory of `ordinaryMegabytes`.
    /// - Parameter needs: at least one.
    public init(pools: [HugePages.Pool], needs: [Need], ordinaryMegabytes: Int) {
        precondition(!needs.isEmpty, "who needs no memory has nothing to decide")
        let rows = needs.map { (need: $0, pool: Self.pool(for: $0, in: pools)) }
        pageBytes = rows[0].pool?.pageBytes ?? 0
        guard let short = rows.first(where: { ($0.pool?.freeBytes ?? 0) >> 20 < $0.need.megabytes }) else {
            hugePages = .inMemory
            lack = ""
            let texts = rows.compactMap(\.pool).map {
                "\($0.free) free of \($0.pageBytes >> 10) kB on node \($0.node ?? 0)"
            }
            message = "huge pages: \(texts.joined(separator: "; "))"
            return
        }
        hugePages = .none(megabytes: ordinaryMegabytes)
        let place = short.need.node.map { " on node \($0)" } ?? ""
        let found = pools.contains { $0.total > 0 }
        lack =
            found
            ? "only \((short.pool?.freeBytes ?? 0) >> 20) of \(short.need.megabytes) MB in huge pages\(place)"
            : "no huge pages"
        message = "\(lack): running with --no-huge, slower; `hugepages/reserve` gives them"
    }

    /// Huge pages when `neededMegabytes` of one size are free on one node, else ordinary memory of `ordinaryMegabytes`,
    /// or as much when nil.
    public init(pools: [HugePages.Pool], neededMegabytes: Int, ordinaryMegabytes: Int? = nil) {
        self.init(
            pools: pools, needs: [Need(node: nil, megabytes: neededMegabytes)],
            ordinaryMegabytes: ordinaryMegabytes ?? neededMegabytes)
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
