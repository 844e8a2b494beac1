import Orders

/// §8.2: the call auction.
extension NaiveExchange {
    struct AuctionResult {
        var price: Int64
        var volume: UInt64
        /// Bought less sold at the price.
        var surplus: Int64
    }

    /// Who takes part on a side, best first: by price, lit before hidden, by time.
    private func participants(_ book: NaiveBook, _ side: Side) -> [NaiveOrder] {
        let all = book.queue(.lit, side) + book.queue(.dark, side).filter { !$0.isAllOrNone }
        // Sorting by place too keeps what is equal in the order it has.
        return all.enumerated().sorted { one, other in
            if one.element.rank == other.element.rank { return one.offset < other.offset }
            return one.element.rank.isBetter(than: other.element.rank, side)
        }.map(\.element)
    }

    private func result(at price: Int64, _ buys: [NaiveOrder], _ sells: [NaiveOrder]) -> AuctionResult {
        let bought = buys.filter { $0.rank >= price }.reduce(0) { $0 + Int64($1.leaves) }
        let sold = sells.filter { $0.rank <= price }.reduce(0) { $0 + Int64($1.leaves) }
        return AuctionResult(price: price, volume: UInt64(min(bought, sold)), surplus: bought - sold)
    }

    /// What an auction now would find; nil when nothing can trade.
    func indication(_ book: NaiveBook) -> AuctionResult? {
        let (buys, sells) = (participants(book, .buy), participants(book, .sell))
        let limits = (buys + sells).filter { !$0.isUnpriced }.map(\.price)
        var found = limits.map { result(at: $0, buys, sells) }.filter { $0.volume > 0 }
        if found.isEmpty {
            let market = result(at: book.staticReference, buys.filter(\.isUnpriced), sells.filter(\.isUnpriced))
            return market.volume > 0 ? market : nil
        }
        let volume = found.map(\.volume).max()
        found = found.filter { $0.volume == volume }
        let surplus = found.map(\.surplus.magnitude).min()
        found = found.filter { $0.surplus.magnitude == surplus }
        found.sort { $0.price < $1.price }
        if found.allSatisfy({ $0.surplus > 0 }) { return found.last }
        if found.allSatisfy({ $0.surplus < 0 }) { return found.first }
        func distance(_ result: AuctionResult) -> Int128 {
            Int128((Int128(result.price) - Int128(book.staticReference)).magnitude)
        }
        let nearest = found.map(distance).min()
        return found.last { distance($0) == nearest }
    }

    /// Trades at one price; nil when nothing could.
    mutating func auction(_ book: NaiveBook) -> AuctionResult? {
        guard let result = indication(book) else { return nil }
        let price = result.price
        while let buy = participants(book, .buy).first, let sell = participants(book, .sell).first,
            buy.rank >= price, sell.rank <= price
        {
            let quantity = min(buy.leaves, sell.leaves)
            trades += 1
            for order in [buy, sell] {
                take(quantity, from: order)
                reports.append(fillReport(order, quantity, price, 0, .auction))
            }
            for order in [buy, sell] {
                if order.leaves == 0 {
                    remove(order)
                } else {
                    if order.display > 0 { order.isTop = false }
                    order.showPeak(lot: book.lot)
                }
            }
        }
        return result
    }

    mutating func indicate(_ command: Command) {
        guard let book = books(command.instrument).first else { return refuseVenue(.unknownInstrument) }
        var report = venueReport(.indicative, command.instrument)
        if book.phase.isCall, let found = indication(book) {
            report.price = found.price
            report.orderID = found.volume
            report.executionID = UInt64(bitPattern: found.surplus)
        }
        reports.append(report)
    }
}
