/// When the next command may go, for both kinds of pace.
struct LoadSchedule {
    private let pacer: Pacer?
    private let window: UInt64
    private let orders: UInt64
    private let endNanoseconds: UInt64

    /// - Parameter now: start of the sending, nanoseconds.
    init(_ options: LoadOptions, now: UInt64) {
        orders = options.orders
        endNanoseconds = options.durationNanoseconds.map { now &+ $0 } ?? .max
        switch options.pace {
        case .openLoop(let rate):
            pacer = Pacer(startNanoseconds: now, ratePerSecond: rate)
            window = .max
        case .closedLoop(let window):
            pacer = nil
            self.window = UInt64(window)
        }
    }

    /// Whether the sending is over.
    func isFinished(issued: UInt64, now: UInt64) -> Bool { issued >= orders || now >= endNanoseconds }

    /// The scheduled time of the next command, if it may go now. In a closed loop that is now; in an open loop it may
    /// lie in the past, and counts into the latency.
    func scheduledNanoseconds(issued: UInt64, outstanding: UInt64, now: UInt64) -> UInt64? {
        if isFinished(issued: issued, now: now) { return nil }
        guard let pacer else { return outstanding < window ? now : nil }
        let due = pacer.dueNanoseconds(issued)
        return due <= now ? due : nil
    }

    /// How long nothing needs to be sent unless an answer comes; `UInt64.max` when only an answer makes room.
    func quietNanoseconds(issued: UInt64, now: UInt64) -> UInt64 {
        guard let pacer, !isFinished(issued: issued, now: now) else { return .max }
        let due = pacer.dueNanoseconds(issued)
        return due > now ? due - now : 0
    }
}
