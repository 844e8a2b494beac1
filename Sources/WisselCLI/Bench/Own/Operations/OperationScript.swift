import Orders

/// The commands of one measurement: those that fill the book, then block after block what is measured, each preceded by
/// what brings the book back to its size.
package struct OperationScript {
    package let shape: BookShape
    package let operation: BookOperation
    /// Carried out without the clock.
    package private(set) var preparation: [Command] = []
    /// Carried out with it.
    package private(set) var measured: [Command] = []
    private var book: RestingOrders
    private var blocks = 0
    /// Level of each of a side's first orders: prices are drawn from it, so that the book keeps its shape.
    private let depths: [Int32]

    package init(_ shape: BookShape, _ operation: BookOperation) {
        self.shape = shape
        self.operation = operation
        book = RestingOrders(seed: 0x4F57_4E42)
        depths = shape.levels.enumerated().flatMap { Array(repeating: Int32($0), count: $1) }
    }

    /// Calls `body` with the orders that rest from the start. Their places in time, and so in memory, are shuffled: in a
    /// book that has lived neighbours in a queue are no neighbours in memory.
    package mutating func fill(_ body: (Command) -> Void) {
        var places = Array(0..<Int32(2 * depths.count))
        for place in places.indices.reversed() where place > 0 { places.swapAt(place, book.draw(place + 1)) }
        for place in places {
            let side: Side = place & 1 == 0 ? .buy : .sell
            body(book.add(side, shape.price(side, level: Int(depths[Int(place >> 1)]))))
        }
    }

    /// Makes the next block.
    package mutating func advance() {
        preparation.removeAll(keepingCapacity: true)
        measured.removeAll(keepingCapacity: true)
        let length = operation.blockLength
        let side: Side = blocks & 1 == 0 ? .buy : .sell
        switch operation {
        case .addAtTop:
            // The same orders go again, so that the best level keeps its length.
            for added in (1...length).reversed() where blocks > 0 {
                preparation.append(book.cancel(book.orders.count - 1 - book.draw(added)))
            }
            for _ in 0..<length { measured.append(addition(fromLevel: 0, toLevel: 1)) }
        case .addDeep:
            for _ in 0..<length where blocks > 0 { preparation.append(book.cancel(book.draw(book.orders.count))) }
            for _ in 0..<length { measured.append(addition(fromLevel: 1, toLevel: .max)) }
        case .cancelRecent:
            for _ in 0..<length { preparation.append(addition(fromLevel: 0, toLevel: .max)) }
            for added in (1...length).reversed() {
                measured.append(book.cancel(book.orders.count - 1 - book.draw(added)))
            }
        case .cancelAny:
            for _ in 0..<length { preparation.append(addition(fromLevel: 0, toLevel: .max)) }
            for _ in 0..<length { measured.append(book.cancel(book.draw(book.orders.count))) }
        case .reduce:
            for _ in 0..<length {
                let place = book.draw(book.orders.count)
                let order = book.orders[place]
                measured.append(book.replace(place, price: order.price, quantity: order.quantity - 1))
            }
        case .replace: for _ in 0..<length { measured.append(move()) }
        case .crossOne:
            let price = shape.price(side, level: 0)
            let isFIFO = shape.algorithm == .fifo
            if isFIFO { for _ in 0..<length { preparation.append(book.order(side, price, BookShape.quantity)) } }
            for _ in 0..<length {
                measured.append(book.order(side.opposite, price, isFIFO ? BookShape.quantity : 1))
            }
        case .shareLevel:
            for _ in 0..<length {
                measured.append(book.order(side.opposite, shape.price(side, level: 0), UInt32(shape.levels[0])))
            }
        case .sweepTen: sweep(side)
        }
        blocks += 1
    }

    private mutating func addition(fromLevel first: Int, toLevel end: Int) -> Command {
        let side = book.drawSide()
        guard end > 1 else { return book.add(side, shape.price(side, level: first)) }
        let skipped = shape.levels.prefix(first).reduce(0, +)
        let level = depths[skipped + book.draw(depths.count - skipped)]
        return book.add(side, shape.price(side, level: Int(level)))
    }

    private mutating func move() -> Command {
        let place = book.draw(book.orders.count)
        let order = book.orders[place]
        var price = order.price
        while price == order.price {
            price = shape.price(order.side, level: Int(depths[book.draw(depths.count)]))
        }
        return book.replace(place, price: price, quantity: order.quantity)
    }

    /// The levels that the side's last sweep took are filled again.
    private mutating func sweep(_ side: Side) {
        let levels = shape.levels.prefix(10)
        if blocks > 1 {
            for (level, count) in levels.enumerated() {
                for _ in 0..<count {
                    preparation.append(book.order(side, shape.price(side, level: level), BookShape.quantity))
                }
            }
        }
        measured.append(
            book.order(
                side.opposite, shape.price(side, level: levels.count - 1),
                UInt32(levels.reduce(0, +)) * BookShape.quantity, .immediateOrCancel))
    }
}
