import MarketData
import Orders

/// Orders made up from the price levels of IEX DEEP: a level that grows is a new order of the difference, one that shrinks
/// behind a trade at its price an order that takes the difference, any other one that shrinks a cancel or a reduction of
/// the level's youngest orders.
struct DEEPFlow {
    static let source = "IEX DEEP, level by level as synthetic orders"

    private(set) var builder = FlowBuilder()
    private var levels: [Level: [Order]] = [:]
    /// Traded at a price and not yet seen in its level, by symbol.
    private var traded: [UInt64: (price: Int64, quantity: UInt32)] = [:]

    private struct Level: Hashable {
        var symbol: UInt64
        var price: Int64
        var side: Side
    }

    private struct Order {
        var id: UInt64
        var quantity: UInt32
    }

    /// Takes in a segment.
    /// - Returns: false when it is none of DEEP.
    mutating func take(_ payload: UnsafeRawBufferPointer) -> Bool {
        let segment = FeedBytes(bytes: payload)
        guard segment.count >= IEXTPHeader.byteCount, segment.integer(0, as: UInt8.self) == 1,
            segment.integer(2, as: UInt16.self) == IEXTPHeader.deep
        else { return false }
        var offset = IEXTPHeader.byteCount
        while offset + 2 < segment.count {
            let length = Int(segment.integer(offset, as: UInt16.self))
            take(message: segment.part(offset + 2, length))
            offset += 2 + length
        }
        return true
    }

    private mutating func take(message: FeedBytes) {
        guard message.count >= 30 else { return }
        let now = message.integer(2, as: UInt64.self)
        let symbol = message.symbol(10, length: 8)
        let quantity = message.integer(18, as: UInt32.self)
        let price = message.integer(22, as: Int64.self)
        switch message.integer(0, as: UInt8.self) {
        case DEEPMessage.tradeReport:
            let before = traded[symbol]
            traded[symbol] = (price, quantity + (before?.price == price ? before?.quantity ?? 0 : 0))
        case DEEPMessage.priceLevelUpdateBuy: change(Level(symbol: symbol, price: price, side: .buy), quantity, now)
        case DEEPMessage.priceLevelUpdateSell: change(Level(symbol: symbol, price: price, side: .sell), quantity, now)
        default: return
        }
        // Bit 0 of an update's flags: the event is complete, and with it its trades.
        let isUpdate = message.integer(0, as: UInt8.self) != DEEPMessage.tradeReport
        if isUpdate, message.integer(1, as: UInt8.self) & 1 != 0 { traded[symbol] = nil }
    }

    private mutating func change(_ level: Level, _ quantity: UInt32, _ now: UInt64) {
        var orders = levels[level, default: []]
        let before = orders.reduce(0) { $0 + $1.quantity }
        if quantity > before {
            let id = builder.nextOrderID
            orders.append(Order(id: id, quantity: quantity - before))
            append(.newOrder, id, level, quantity - before, now, .day)
        } else if quantity < before {
            var lost = before - quantity
            if let trade = traded[level.symbol], trade.price == level.price {
                let taken = min(trade.quantity, lost)
                lost -= taken
                traded[level.symbol] = (trade.price, trade.quantity - taken)
                if taken > 0 { take(taken, of: &orders, level, now) }
            }
            if lost > 0 { withdraw(lost, of: &orders, level, now) }
        }
        levels[level] = orders.isEmpty ? nil : orders
    }

    /// The oldest orders trade.
    private mutating func take(_ quantity: UInt32, of orders: inout [Order], _ level: Level, _ now: UInt64) {
        var level = level
        level.side = level.side.opposite
        append(.newOrder, builder.nextOrderID, level, quantity, now, .immediateOrCancel)
        var left = quantity
        while left > 0, let first = orders.first {
            let taken = min(left, first.quantity)
            left -= taken
            orders[0].quantity -= taken
            if orders[0].quantity == 0 { orders.removeFirst() }
        }
    }

    private mutating func withdraw(_ quantity: UInt32, of orders: inout [Order], _ level: Level, _ now: UInt64) {
        var left = quantity
        while left > 0, let last = orders.last {
            if last.quantity <= left {
                left -= last.quantity
                orders.removeLast()
                append(.cancel, last.id, level, 0, now, .none)
            } else {
                orders[orders.count - 1].quantity -= left
                append(.replace, last.id, level, last.quantity - left, now, .none)
                left = 0
            }
        }
    }

    private mutating func append(
        _ kind: CommandKind, _ id: UInt64, _ level: Level, _ quantity: UInt32, _ now: UInt64,
        _ timeInForce: TimeInForce
    ) {
        builder.append(
            Command(
                kind: kind, clientOrderID: id, originalClientOrderID: kind == .newOrder ? 0 : id, price: level.price,
                quantity: quantity, instrument: builder.instrument(level.symbol), side: level.side,
                timeInForce: timeInForce, flags: kind == .replace ? Command.quantityIsLeaves : 0), at: now)
    }
}
