import Orders

/// What happens because its time has come (§9).
extension MatchingEngine {
    /// To be called when an expiry or the end of an interruption was added or taken away.
    func reckon() -> UInt64 {
        var next = expiry.nextNanoseconds
        for position in 0..<bookCount { next = min(next, books[position].interruptionEnd) }
        return next
    }

    mutating func reckonDeadline() { nextDeadlineNanoseconds = reckon() }

    @inline(never) mutating func runDue<Receiver: MatchReceiver>(
        _ command: Command, _ receiver: inout Receiver
    ) {
        let now = command.timestampNanoseconds
        while nextDeadlineNanoseconds <= now {
            if expiry.nextNanoseconds <= nextDeadlineNanoseconds {
                let position = expiry.first
                let order = arena.orders + Int(position)
                let book = books + Int(order.pointee.book)
                receiver.append(
                    order.pointee.report(
                        .cancelled, lost: total(order), instrument: book.pointee.instrument, by: command,
                        reason: .expired))
                remove(position)
                settle(book, command, &receiver)
            } else {
                endInterruption(at: nextDeadlineNanoseconds, command, &receiver)
            }
        }
    }

    private mutating func endInterruption<Receiver: MatchReceiver>(
        at time: UInt64, _ command: Command, _ receiver: inout Receiver
    ) {
        for position in 0..<bookCount where books[position].interruptionEnd == time {
            change(books + position, to: .continuous, .interruptionOver, command, &receiver)
            return
        }
    }
}
