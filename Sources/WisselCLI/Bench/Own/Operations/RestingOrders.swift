import Orders
import Runtime

/// What rests in a measured book, as its user would know it, and the commands that change it. Draws by a generator of its
/// own, so that the same commands come out on every machine.
struct RestingOrders {
    struct Order {
        var id: UInt64
        var price: Int64
        var quantity: UInt32
        var session: UInt16
        var side: Side
    }

    /// Of how many sessions the orders are.
    private static let sessions: UInt64 = 16

    private(set) var orders: [Order] = []
    private var sequence: UInt64 = 0
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// 0 ..< `bound`.
    mutating func draw(_ bound: Int) -> Int {
        Int(random.next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func drawSide() -> Side { random.next() & 1 == 0 ? .buy : .sell }

    /// A new order that comes to rest.
    mutating func add(_ side: Side, _ price: Int64) -> Command {
        let command = order(side, price, BookShape.quantity)
        orders.append(
            Order(
                id: command.clientOrderID, price: price, quantity: command.quantity,
                session: UInt16(command.session), side: side))
        return command
    }

    /// A new order of which nothing rests, or that nobody will want to cancel.
    mutating func order(
        _ side: Side, _ price: Int64, _ quantity: UInt32, _ timeInForce: TimeInForce = .day
    ) -> Command {
        sequence += 1
        return Command(
            kind: .newOrder, sequence: sequence, timestampNanoseconds: sequence, clientSequence: sequence,
            clientOrderID: sequence, price: price, quantity: quantity,
            session: UInt32(1 + sequence % Self.sessions), instrument: BookShape.instrument, side: side,
            timeInForce: timeInForce)
    }

    /// Cancels the order at a place of `orders`; the last one takes its place.
    mutating func cancel(_ place: Int) -> Command {
        let order = orders[place]
        orders[place] = orders[orders.count - 1]
        orders.removeLast()
        return change(order, .cancel)
    }

    /// Gives the order at a place another price, or a lot less.
    mutating func replace(_ place: Int, price: Int64, quantity: UInt32) -> Command {
        var command = change(orders[place], .replace)
        command.price = price
        command.quantity = quantity
        orders[place].id = command.clientOrderID
        orders[place].price = price
        orders[place].quantity = quantity
        return command
    }

    private mutating func change(_ order: Order, _ kind: CommandKind) -> Command {
        sequence += 1
        return Command(
            kind: kind, sequence: sequence, timestampNanoseconds: sequence, clientSequence: sequence,
            clientOrderID: sequence, originalClientOrderID: order.id, session: UInt32(order.session),
            instrument: BookShape.instrument, side: order.side)
    }
}
