/// The huge pages of one size on one NUMA node, as `/sys/devices/system/node` tells.
public struct HugePageStatus: Equatable, Sendable {
    public let node: Int
    public let pageKilobytes: Int
    public let total: Int
    public let free: Int

    public init(node: Int, pageKilobytes: Int, total: Int, free: Int) {
        self.node = node
        self.pageKilobytes = pageKilobytes
        self.total = total
        self.free = free
    }

    /// Free memory in huge pages of this size on this node, in whole megabytes.
    public var freeMegabytes: Int { free * pageKilobytes / 1024 }

    /// Reads every node and page size below `root`.
    /// - Parameter root: `/sys/devices/system/node`, or a copy of its shape.
    public static func read(root: String = "/sys/devices/system/node") -> [HugePageStatus] {
        var found: [HugePageStatus] = []
        for entry in SystemFile.entries(of: root) where entry.hasPrefix("node") {
            guard let node = Int(entry.dropFirst(4)) else { continue }
            for size in SystemFile.entries(of: "\(root)/\(entry)/hugepages") {
                guard size.hasPrefix("hugepages-"), size.hasSuffix("kB"),
                    let kilobytes = Int(size.dropFirst(10).dropLast(2)),
                    let total = SystemFile.integer("\(root)/\(entry)/hugepages/\(size)/nr_hugepages"),
                    let free = SystemFile.integer("\(root)/\(entry)/hugepages/\(size)/free_hugepages")
                else { continue }
                found.append(HugePageStatus(node: node, pageKilobytes: kilobytes, total: total, free: free))
            }
        }
        return found.sorted { ($0.node, $0.pageKilobytes) < ($1.node, $1.pageKilobytes) }
    }
}

/// Whether to run on huge pages, and the sentence that tells the operator.
public struct HugePageDecision: Equatable, Sendable {
    public let hugePages: EALOptions.HugePages
    public let message: String

    /// Huge pages when enough of one size are free on one node, else ordinary memory of `neededMegabytes`.
    public init(status: [HugePageStatus], neededMegabytes: Int) {
        let best = status.max { $0.freeMegabytes < $1.freeMegabytes }
        if let best, best.freeMegabytes >= neededMegabytes {
            hugePages = .inMemory
            message = "huge pages: \(best.free) free of \(best.pageKilobytes) kB on node \(best.node)"
        } else {
            hugePages = .none(megabytes: neededMegabytes)
            let found = status.contains { $0.total > 0 }
            let lack =
                found ? "only \(best?.freeMegabytes ?? 0) of \(neededMegabytes) MB in huge pages" : "no huge pages"
            message = "\(lack): running with --no-huge, slower; `hugepages/reserve` gives them"
        }
    }
}

extension EAL {
    /// Decides between huge pages and none from what this machine has free now.
    public static func hugePagesAvailable(neededMegabytes: Int) -> HugePageDecision {
        HugePageDecision(status: HugePageStatus.read(), neededMegabytes: neededMegabytes)
    }
}
