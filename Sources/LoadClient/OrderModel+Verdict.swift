import Orders

extension OrderModel {
    /// What the model has to say about a run.
    public struct Verdict: Sendable, Equatable {
        /// Everything that was wrong; 0 means that the node kept every promise the model can check.
        public var violationCount: UInt64
        /// The first 20 of them, readable.
        public var lines: [String]
        public var isClean: Bool { violationCount == 0 }
    }

    /// Every violation so far.
    /// - Parameter final: whether nothing more will come. Then unanswered commands, one-sided trades (if this session
    ///   is alone) and immediate-or-cancel orders that still rest are violations too.
    public func verify(final: Bool) -> Verdict {
        var list = violations
        if final { noteUnfinished(&list) }
        return Verdict(violationCount: list.count, lines: list.lines)
    }

    private func noteUnfinished(_ list: inout ViolationList) {
        for (index, entry) in entries.enumerated() {
            let orderID = firstClientOrderID + UInt64(index)
            if !entry.isAnswered {
                list.note(
                    "command \(firstClientSequence + UInt64(index)) (\(entry.kind), order \(orderID)) was never answered"
                )
            }
            if entry.state == .live && entry.timeInForce != .day {
                list.note("order \(orderID) is \(entry.timeInForce) and still rests with \(entry.leaves) lots")
            }
        }
        if isSoleParticipant {
            for execution in pairs.unpaired {
                list.note("execution \(execution) was reported to one side only, and both sides are ours")
            }
        }
    }

    /// Trades seen, each counted once however many of its sides are ours.
    public var tradeCount: UInt64 { pairs.tradeCount }

    /// Orders in the book according to the reports.
    public var liveOrderCount: Int { entries.reduce(0) { $0 + ($1.state == .live ? 1 : 0) } }

    /// Names the session's part of the book: identifiers, sides, prices and quantities of the live orders, oldest
    /// command first. Two runs with the same commands must end with the same value.
    public var bookHash: UInt64 {
        var hash = StateHash()
        for (index, entry) in entries.enumerated() where entry.state == .live {
            hash.combine(firstClientOrderID + UInt64(index))
            hash.combine(entry.price)
            hash.combine(UInt64(entry.leaves) << 32 | UInt64(entry.cumulative))
            hash.combine(UInt64(entry.instrument) << 8 | UInt64(entry.side.rawValue))
        }
        return hash.value
    }
}
