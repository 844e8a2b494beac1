import Orders

/// Commands of many clients in a book that keeps its size: of ten, about four new orders that rest, five cancels and one
/// that trades.
struct PipelineFlow {
    /// With what the book is filled, not timed.
    private(set) var filling: [Command] = []
    private(set) var commands: [Command] = []
    static let shape = BookShape.fifo(resting: 10_000)

    init(count: Int) {
        var book = RestingOrders(seed: 0x5049_5045)
        let perSide = Self.shape.restingOrders / 2
        func level(_ place: Int) -> Int {
            var rest = place
            return Self.shape.levels.firstIndex { count in
                rest -= count
                return rest < 0
            } ?? 0
        }
        let levels = (0..<perSide).map(level)
        func addition() -> Command {
            let side = book.drawSide()
            return book.add(side, Self.shape.price(side, level: levels[book.draw(perSide)]))
        }
        filling.reserveCapacity(2 * perSide)
        for _ in 0..<2 * perSide { filling.append(addition()) }
        commands.reserveCapacity(count)
        var nextSide = Side.buy
        while commands.count < count {
            let kind = book.draw(20)
            if kind < 9 {
                commands.append(addition())
            } else if kind < 18 {
                commands.append(book.cancel(book.draw(book.orders.count)))
            } else {
                // A small order that rests at a price of its own between the sides, and the one that takes it.
                commands.append(book.order(nextSide, BookShape.middlePrice, 10))
                commands.append(book.order(nextSide.opposite, BookShape.middlePrice, 10, .immediateOrCancel))
                nextSide = nextSide.opposite
            }
        }
        commands.removeLast(commands.count - count)
    }
}
