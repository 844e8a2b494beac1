import CPlatform
import Glibc

/// A piece of a node's memory that has its place: it belongs to a core and should lie on that core's NUMA node.
public struct MemoryRegion: Sendable, Equatable {
    /// What it is, such as `order ring`.
    public var name: String
    public var address: UInt64
    public var byteCount: Int
    /// Size of its pages, by which their places are asked: 4,096, or that of huge pages.
    public var pageByteCount: Int

    public init(name: String, address: UInt64, byteCount: Int, pageByteCount: Int = 4_096) {
        self.name = name
        self.address = address
        self.byteCount = byteCount
        self.pageByteCount = pageByteCount
    }

    /// How many pages of a region lie where.
    public struct Pages: Sendable, Equatable, Encodable {
        /// By node, ascending.
        public var byNode: [Int: Int] = [:]
        /// Nobody has touched them, so they are nowhere yet.
        public var untouched = 0

        public init(byNode: [Int: Int] = [:], untouched: Int = 0) {
            self.byNode = byNode
            self.untouched = untouched
        }

        public static func += (sum: inout Pages, more: Pages) {
            sum.byNode.merge(more.byNode, uniquingKeysWith: +)
            sum.untouched += more.untouched
        }
    }

    /// Where the region's pages lie, as the kernel says (move_pages(2)).
    /// - Parameter process: whose memory it is; another user's takes CAP_SYS_PTRACE.
    /// - Throws: `RuntimeError.pagesNotTold`.
    public func pages(ofProcess process: Int32) throws(RuntimeError) -> Pages {
        var result = Pages()
        let page = UInt64(max(pageByteCount, 1))
        var next = address / page * page
        let end = address &+ UInt64(max(byteCount, 0))
        while next < end {
            var addresses: [UInt64] = []
            while next < end, addresses.count < 4_096 {
                addresses.append(next)
                next &+= page
            }
            var nodes = [Int32](repeating: 0, count: addresses.count)
            let code = cplatform_page_nodes(process, addresses, Int32(addresses.count), &nodes)
            guard code == 0 else { throw .pagesNotTold(process: process, code: code) }
            for node in nodes {
                if node >= 0 { result.byNode[Int(node), default: 0] += 1 } else { result.untouched += 1 }
            }
        }
        return result
    }
}
