import Orders

/// What a burst of commands is going to need, fetched together.
///
/// With a million live orders every look-up misses every cache, and one command after another waits for memory each time.
/// A short loop that only reads lets the processor have many such waits at once.
extension MatchingEngine {
    /// Commands looked at together: what they need fits into the first cache.
    private static let burst = 64

    /// Whether `lookAhead` does anything.
    public var looksAhead: Bool { arena.index.isLarge }

    /// Brings into the cache what these commands will touch; changes nothing else. They may be none of this engine's.
    ///
    /// Worth its few nanoseconds a command only where the index of identifiers does not fit into a core's own cache; elsewhere it
    /// returns at once.
    public mutating func lookAhead(_ commands: UnsafeBufferPointer<Command>) {
        guard looksAhead, commands.count > 1, let first = commands.baseAddress else { return }
        var done = 0
        while done < commands.count {
            let count = min(Self.burst, commands.count &- done)
            lookAhead(first + done, count)
            done &+= count
        }
    }

    /// Three rounds: what stands in the commands leads to, what that leads to, and so on. The scratch of a large engine has room.
    @inline(never) private mutating func lookAhead(_ commands: UnsafePointer<Command>, _ count: Int) {
        let positions = scratch.assumingMemoryBound(to: UInt32.self)
        // What was read goes into a sum that is kept, or the compiler would see that nobody wants it.
        var seen: UInt64 = 0
        for number in 0..<count {
            let command = commands + number
            let isNew = command.kind == .newOrder
            let place = arena.place(
                session: command.session, clientOrderID: isNew ? command.clientOrderID : command.originalClientOrderID)
            positions[number] = arena.index.position(arena.index.link(place))
        }
        for number in 0..<count where commands[number].kind == .newOrder {
            seen &+= UInt64(positions[number])
            positions[number] = lastInQueue(commands + number)
        }
        for number in 0..<count { seen &+= arena.orders[Int(positions[number])].orderID }
        for number in 0..<count where commands[number].kind != .newOrder {
            let order = arena.orders + Int(positions[number])
            seen &+= arena.orders[Int(order.pointee.next)].orderID
            seen &+= arena.orders[Int(order.pointee.previous)].orderID
            seen &+= UInt64(arena.roster.position(order.pointee.rosterSlot))
        }
        lookedAt = seen
    }

    /// The order behind which a new one would rest in the recent book, as far as that can be told without a search.
    @inline(__always) private func lastInQueue(_ command: UnsafePointer<Command>) -> UInt32 {
        let book = recent
        guard command.side != .none, book.pointee.instrument == command.instrument else { return RestingOrder.none }
        let key = BookSide.key(command.price, command.side)
        return book.side(command.side).pointee.lit.lastInRing(key)
    }
}
