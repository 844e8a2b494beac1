/// When the unanswered commands were scheduled and sent: a ring by client sequence.
///
/// A command's place is used again after `capacity` further ones, so the caller keeps fewer than that unanswered.
struct SendTimes {
    struct Times {
        var scheduledNanoseconds: UInt64
        var sentNanoseconds: UInt64
    }

    private var ring: [Times]
    private let mask: UInt64

    /// - Parameter capacity: rounded up to a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity <= 1 << 24, "room for 1 to 2²⁴ unanswered commands")
        let rounded = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
        ring = Array(repeating: Times(scheduledNanoseconds: 0, sentNanoseconds: 0), count: rounded)
        mask = UInt64(rounded - 1)
    }

    subscript(clientSequence: UInt64) -> Times {
        get { ring[Int(clientSequence & mask)] }
        set { ring[Int(clientSequence & mask)] = newValue }
    }
}
