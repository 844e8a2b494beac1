import CPlatform
import NetStack

/// What a loop got done.
struct ForwardingCount: Sendable {
    /// Polls by the number of packets they brought: the first came back empty, the last brought a full burst.
    var polls = [UInt64](repeating: 0, count: ForwardingLoop.burst + 1)
    /// Frames the other port did not take, or the node's stage dropped.
    var dropped: UInt64 = 0
    /// Of the time-stamp counter; where the loop waits for others, those of polls that brought packets.
    var ticks: UInt64 = 0
    /// How often the kernel took the CPU away.
    var involuntarySwitches: UInt64 = 0

    var packets: UInt64 { polls.indices.reduce(0) { $0 &+ UInt64($1) &* polls[$1] } }
    var emptyPolls: UInt64 { polls[0] }
    var bursts: UInt64 { polls.dropFirst().reduce(0, &+) }
    var ticksPerPacket: Double { Double(ticks) / Double(max(packets, 1)) }

    mutating func add(_ other: ForwardingCount) {
        for index in polls.indices { polls[index] &+= other.polls[index] }
        dropped &+= other.dropped
        ticks &+= other.ticks
        involuntarySwitches &+= other.involuntarySwitches
    }
}

/// The counters of a loop while it runs, and room for the burst in hand: raw memory, one thread.
struct PollTally: ~Copyable {
    let packets = UnsafeMutablePointer<Packet>.allocate(capacity: ForwardingLoop.burst)
    private let polls = UnsafeMutablePointer<UInt64>.allocate(capacity: ForwardingLoop.burst + 1)
    private var dropped: UInt64 = 0
    /// Ticks of the polls that were timed and brought packets.
    private(set) var busyTicks: UInt64 = 0
    private let switchesBefore = cplatform_involuntary_switches_self()

    init() { polls.initialize(repeating: 0, count: ForwardingLoop.burst + 1) }

    deinit {
        packets.deallocate()
        polls.deallocate()
    }

    /// Counts a poll and sends what it brought.
    @inline(__always) mutating func send(_ received: Int, to device: PacketDevice) {
        polls[received] &+= 1
        guard received > 0 else { return }
        let sent = device.transmit(packets, count: received)
        drop(packets + sent, received &- sent, device)
    }

    /// Gives packets back that go no further.
    @inline(__always) mutating func drop(_ first: UnsafeMutablePointer<Packet>, _ count: Int, _ device: PacketDevice) {
        guard count > 0 else { return }
        dropped &+= UInt64(truncatingIfNeeded: count)
        device.free(first, count: count)
    }

    /// Does one poll and keeps what it took, unless it brought nothing; as testpmd's `--record-core-cycles`.
    @inline(__always) mutating func timed(_ poll: (inout PollTally) -> Void) {
        let emptyBefore = polls[0]
        let start = cplatform_tsc()
        poll(&self)
        if polls[0] == emptyBefore { busyTicks &+= cplatform_tsc() &- start }
    }

    @inline(__always) mutating func countEmptyPoll() { polls[0] &+= 1 }

    func count(ticks: UInt64, droppedByStage: UInt64 = 0) -> ForwardingCount {
        var count = ForwardingCount()
        for index in count.polls.indices { count.polls[index] = polls[index] }
        count.dropped = dropped &+ droppedByStage
        count.ticks = ticks
        count.involuntarySwitches = UInt64(max(0, cplatform_involuntary_switches_self() - switchesBefore))
        return count
    }
}
