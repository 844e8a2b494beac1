import Glibc
import Synchronization
import Wire

/// A source that sends much, as estimated from samples.
public struct TopTalker: Sendable, Equatable {
    public var source: IPv4Address
    /// At most this much, by the samples.
    public var packets: UInt64
    /// By how much `packets` may be too high, because the source took over the place of another.
    public var overestimate: UInt64
    /// Since the source has its place.
    public var bytes: UInt64
    public var droppedPackets: UInt64

    /// At least this much, by the samples.
    public var surePackets: UInt64 { packets - overestimate }

    public init(
        source: IPv4Address, packets: UInt64, overestimate: UInt64, bytes: UInt64, droppedPackets: UInt64
    ) {
        self.source = source
        self.packets = packets
        self.overestimate = overestimate
        self.bytes = bytes
        self.droppedPackets = droppedPackets
    }

    /// The lists of several stages as one, those that surely send most first.
    public static func merged(_ lists: [[TopTalker]]) -> [TopTalker] {
        var bySource: [IPv4Address: TopTalker] = [:]
        for talker in lists.joined() {
            guard var sum = bySource[talker.source] else {
                bySource[talker.source] = talker
                continue
            }
            sum.packets += talker.packets
            sum.overestimate += talker.overestimate
            sum.bytes += talker.bytes
            sum.droppedPackets += talker.droppedPackets
            bySource[talker.source] = sum
        }
        return bySource.values.sorted {
            ($0.surePackets, $0.packets, $1.source) > ($1.surePackets, $1.packets, $0.source)
        }
    }
}

/// The 64 sources that send most, from one sample in 64 packets: the Space-Saving algorithm (A. Metwally, D. Agrawal,
/// A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005,
/// doi:10.1007/978-3-540-30570-5_27).
///
/// Of N samples every source with more than N / 64 is in the list, and no count is more than N / 64 too high; each entry
/// says by how much its own may be. What the samples themselves leave open: a source with n packets has n / 64 samples,
/// give or take √(n / 64), so 1 % of one at 640,000 packets.
///
/// One writer; any thread reads, by a sequence lock: the writer makes the sequence odd, writes, makes it even, and a
/// reader who saw it change reads again.
public struct TopTalkers: @unchecked Sendable {
    public static let capacity = 64
    /// Packets a sample stands for, on average.
    public static let packetsPerSample: UInt64 = 64

    private typealias Word = Atomic<UInt64>
    /// Words of an entry: source, samples, samples that may be another's, bytes, samples dropped.
    private static let entryWords = 5
    /// The sequence has a cache line of its own.
    private static let entriesOffset = 8
    private let words: UnsafeMutablePointer<Word>

    init() {
        let count = Self.entriesOffset + Self.capacity * Self.entryWords
        words = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 128).bindMemory(
            to: Word.self, capacity: count)
        for index in 0..<count { (words + index).initialize(to: Word(0)) }
    }

    func deallocate() { UnsafeMutableRawPointer(words).deallocate() }

    /// Counts one sample. The writer's thread only; source 0 is none.
    func record(source: UInt32, bytes: UInt64, isDropped: Bool) {
        guard source != 0 else { return }
        var place = 0
        var least = UInt64.max
        var known = false
        for index in 0..<Self.capacity {
            if load(index, 0) == UInt64(source) {
                place = index
                known = true
                break
            }
            let samples = load(index, 1)
            if samples < least {
                least = samples
                place = index
            }
        }
        let sequence = words[0].load(ordering: .relaxed)
        words[0].store(sequence &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        if !known {
            store(place, 0, UInt64(source))
            store(place, 2, least)
            store(place, 3, 0)
            store(place, 4, 0)
        }
        store(place, 1, load(place, 1) &+ 1)
        store(place, 3, load(place, 3) &+ bytes)
        if isDropped { store(place, 4, load(place, 4) &+ 1) }
        words[0].store(sequence &+ 2, ordering: .releasing)
    }

    /// The list of one moment, in no order. Any thread; waits while the writer is within its few stores.
    public func snapshot() -> [TopTalker] {
        while true {
            let before = words[0].load(ordering: .acquiring)
            // Nothing but loads: a writer at full speed leaves some microseconds between two samples.
            let count = Self.capacity * Self.entryWords
            let copy = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
                for index in 0..<count { buffer[index] = words[Self.entriesOffset + index].load(ordering: .relaxed) }
                initialized = count
            }
            atomicMemoryFence(ordering: .acquiring)
            if before & 1 == 0, words[0].load(ordering: .relaxed) == before { return Self.talkers(copy) }
            sched_yield()
        }
    }

    private static func talkers(_ words: [UInt64]) -> [TopTalker] {
        stride(from: 0, to: words.count, by: entryWords).filter { words[$0] != 0 }.map { entry in
            func packets(_ word: Int) -> UInt64 { words[entry + word] &* packetsPerSample }
            return TopTalker(
                source: IPv4Address(rawValue: UInt32(truncatingIfNeeded: words[entry])), packets: packets(1),
                overestimate: packets(2), bytes: packets(3), droppedPackets: packets(4))
        }
    }

    private func load(_ index: Int, _ word: Int) -> UInt64 {
        words[Self.entriesOffset + index * Self.entryWords + word].load(ordering: .relaxed)
    }

    private func store(_ index: Int, _ word: Int, _ value: UInt64) {
        words[Self.entriesOffset + index * Self.entryWords + word].store(value, ordering: .relaxed)
    }
}
