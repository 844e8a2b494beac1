import Orders

/// Pegged orders: their price follows the best lit prices (§2).
extension MatchingEngine {
    func pegKey(_ order: UnsafeMutablePointer<RestingOrder>, _ side: Side, _ book: UnsafeMutablePointer<Book>) -> Int64
    {
        pegKey(order.pointee.type, arena.extended(order).pointee.offset, order.pointee.price, side, book)
    }

    /// The effective price as a key of the order's own side, `Int64.max` when there is none.
    ///
    /// Seen as keys of one side, buys and sells are the same: a higher key is more passive, and the other side's best price is the
    /// negated key of its own.
    func pegKey(
        _ type: OrderType, _ offset: Int64, _ limit: Int64, _ side: Side, _ book: UnsafeMutablePointer<Book>
    ) -> Int64 {
        let own = book.pointee.side(side).pointee.lit.best
        let other = book.pointee.side(side.opposite).pointee.lit.best
        let reference: Int64
        switch type {
        case .pegPrimary:
            guard own != .max else { return .max }
            reference = own
        case .pegMarket:
            guard other != .max else { return .max }
            reference = 0 &- other
        default:
            guard own != .max, other != .max else { return .max }
            let opposite = 0 &- other
            reference = (own >> 1) &+ (opposite >> 1) &+ ((own | opposite) & 1)
        }
        let shifted = reference &+ BookSide.key(offset, side)
        let price = book.pointee.ticks.rounded(BookSide.key(shifted, side), passiveFor: side)
        return max(BookSide.key(price, side), BookSide.key(limit, side))
    }

    /// A new pegged order in continuous trading.
    mutating func enterPeg<Receiver: MatchReceiver>(
        _ command: Command, _ order: NewOrder, _ aggressor: inout Aggressor,
        _ book: UnsafeMutablePointer<Book>, _ receiver: inout Receiver
    ) {
        receiver.accepted(aggressor)
        let key = pegKey(order.type, order.terms.offset, command.price, command.side, book)
        var isInterrupted = false
        if key != .max {
            aggressor.limitKey = 0 &- key
            isInterrupted = match(&aggressor, book, corridorKey(book, command.side), &receiver)
        }
        if aggressor.leavesQuantity > 0 { rest(command, order, aggressor, .peg) }
        finish(aggressor, book)
        if isInterrupted { interrupt(book, command, &receiver) }
    }
}
