import Glibc
import Runtime

/// A token bucket per source without a session, for as many sources as there is room: 65,536 lines of three buckets, one
/// cache line each, so a packet costs one line, however many sources there are.
///
/// A new source takes the bucket of its line that was not used for longest. Whoever sends from many addresses can so make
/// the filter forget the buckets of others in the same line, which gives those a full bucket again: no more than the
/// channel of unknown sources lets pass anyway. Granted sources have no bucket here. One thread.
struct SourceBuckets {
    static let lineCount = 65_536
    static let ways = 3
    private static let lineBytes = 64
    private static let hugePageBytes = 2 << 20
    /// In a line: three sources of 4 bytes, 4 bytes free, three buckets of 16 bytes.
    private let base: UnsafeMutableRawPointer
    private let mask: UInt32

    /// - Parameter lines: a power of two.
    init(lines: Int = lineCount) {
        precondition(lines > 0 && lines & (lines - 1) == 0, "\(lines) lines of buckets are not a power of two")
        let byteCount = lines * Self.lineBytes
        base = .allocate(byteCount: byteCount, alignment: min(byteCount, Self.hugePageBytes))
        // Lines are touched at random: with small pages most of the time would go into finding the page. A kernel without
        // huge pages refuses the advice, and nothing but that time is lost.
        _ = madvise(base, byteCount, Int32(MADV_HUGEPAGE))
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        mask = UInt32(lines - 1)
    }

    func deallocate() { base.deallocate() }

    /// Whether the source may send a packet now; if so it is paid for.
    @inline(__always) func take(_ source: UInt32, _ limit: RateLimit, now: UInt64) -> Bool {
        let line = base + Int(Self.hash(source) & mask) &* Self.lineBytes
        let sources = line.assumingMemoryBound(to: UInt32.self)
        let buckets = (line + 16).assumingMemoryBound(to: TokenBucket.self)
        var way = 0
        while way < Self.ways, sources[way] != source { way &+= 1 }
        if way == Self.ways {
            way = 0
            for other in 1..<Self.ways where buckets[other].lastNanoseconds < buckets[way].lastNanoseconds {
                way = other
            }
            sources[way] = source
            buckets[way] = TokenBucket()
        }
        return buckets[way].take(limit, now: now)
    }

    /// From the middle of the product, so that neither neighbouring hosts nor neighbouring networks meet in a line.
    @inline(__always) private static func hash(_ source: UInt32) -> UInt32 {
        let product = UInt64(source) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: product >> 40)
    }
}
