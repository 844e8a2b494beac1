import Orders

/// What may be asked of the books between two commands. Cost: one look-up.
extension MatchingEngine {
    /// A live order of an instrument.
    public func openOrder(session: UInt32, clientOrderID: UInt64, instrument: UInt32) -> OpenOrder? {
        guard let link = arena.link(session: session, clientOrderID: clientOrderID) else { return nil }
        let order = arena.orders + Int(arena.index.position(link.pointee))
        guard books[Int(order.pointee.book)].instrument == instrument else { return nil }
        return OpenOrder(
            instrument: instrument, side: order.pointee.side, leavesQuantity: total(order),
            cumulativeQuantity: order.pointee.cumulativeQuantity)
    }

    /// The best prices shown in an instrument's first book, unpriced orders of an auction aside.
    public func market(instrument: UInt32) -> Market {
        Market(bid: bestBid(instrument: instrument), ask: bestAsk(instrument: instrument))
    }
}
