import Orders

/// Orders of the Cboe Futures Exchange's multicast PITCH: every message is one order's, so a command is made of each.
///
/// Layout by "CFE Multicast PITCH Specification" (Cboe): a unit header of 8 bytes (length 2, count 1, unit 1, sequence 4), then messages,
/// each with length and type in a byte each; order messages carry nanoseconds since the last time message.
struct PITCHFlow {
    static let source = "Cboe Futures PITCH, order by order, in the phases the feed says"

    private(set) var builder = FlowBuilder()
    private var secondNanoseconds: UInt64 = 0
    private var orders: [UInt64: Order] = [:]
    private var phases: [UInt32: TradingPhase] = [:]

    private struct Order {
        var instrument: UInt32
        var side: Side
        var price: Int64
        var leaves: UInt32
    }

    private enum Kind: UInt8 {
        case time = 0x20
        case addLong = 0x21
        case addShort = 0x22
        case executed = 0x23
        case reduceLong = 0x25
        case reduceShort = 0x26
        case modifyLong = 0x27
        case modifyShort = 0x28
        case delete = 0x29
        case status = 0x31
    }

    /// Takes in what a datagram carries; what is no PITCH ends at its first wrong length.
    mutating func take(_ payload: UnsafeRawBufferPointer) {
        let unit = FeedBytes(bytes: payload)
        guard unit.count > 8, Int(unit.integer(0, as: UInt16.self)) == unit.count else { return }
        var offset = 8
        while offset + 2 <= unit.count {
            let length = Int(unit.integer(offset, as: UInt8.self))
            guard length >= 2, offset + length <= unit.count else { return }
            let message = unit.part(offset, length)
            if let kind = Kind(rawValue: message.integer(1, as: UInt8.self)) { take(kind, message) }
            offset += length
        }
    }

    private mutating func take(_ kind: Kind, _ message: FeedBytes) {
        let now = secondNanoseconds + UInt64(message.integer(2, as: UInt32.self))
        let id = message.integer(6, as: UInt64.self)
        switch kind {
        case .time: secondNanoseconds = UInt64(message.integer(6, as: UInt32.self)) * 1_000_000_000
        case .status:
            let instrument = builder.instrument(message.symbol(6, length: 6))
            enter(message.integer(14, as: UInt8.self), instrument, now)
        case .addShort:
            add(
                id, message, UInt32(message.integer(15, as: UInt16.self)), message.symbol(17, length: 6),
                Int64(message.integer(23, as: Int16.self)), now)
        // Long prices have four digits behind the point, short ones two.
        case .addLong:
            add(
                id, message, message.integer(15, as: UInt32.self), message.symbol(19, length: 6),
                message.integer(25, as: Int64.self) / 100, now)
        case .executed: execute(id, message.integer(14, as: UInt32.self), now)
        case .reduceLong: reduce(id, by: message.integer(14, as: UInt32.self), now)
        case .reduceShort: reduce(id, by: UInt32(message.integer(14, as: UInt16.self)), now)
        case .modifyShort:
            modify(
                id, UInt32(message.integer(14, as: UInt16.self)), Int64(message.integer(16, as: Int16.self)), now)
        case .modifyLong:
            modify(id, message.integer(14, as: UInt32.self), message.integer(18, as: Int64.self) / 100, now)
        case .delete:
            guard let order = orders.removeValue(forKey: id) else { return }
            builder.append(
                Command(
                    kind: .cancel, clientOrderID: id, originalClientOrderID: id, instrument: order.instrument,
                    side: order.side), at: now)
        }
    }

    /// Q: orders queue; T: trading; others stop it.
    private mutating func enter(_ status: UInt8, _ instrument: UInt32, _ now: UInt64) {
        let phase: TradingPhase =
            switch status {
            case UInt8(ascii: "Q"): .preOpen
            case UInt8(ascii: "T"): .continuous
            default: .halt
            }
        guard phases[instrument, default: .continuous] != phase else { return }
        phases[instrument] = phase
        builder.append(Command(kind: .phase, instrument: instrument, flags: phase.rawValue), at: now)
    }

    private mutating func add(
        _ id: UInt64, _ message: FeedBytes, _ quantity: UInt32, _ symbol: UInt64, _ price: Int64, _ now: UInt64
    ) {
        let side: Side = message.integer(14, as: UInt8.self) == UInt8(ascii: "B") ? .buy : .sell
        let order = Order(instrument: builder.instrument(symbol), side: side, price: price, leaves: quantity)
        orders[id] = order
        builder.append(
            Command(
                kind: .newOrder, clientOrderID: id, price: price, quantity: quantity, instrument: order.instrument,
                side: side, timeInForce: .day), at: now)
    }

    /// The order that came in is not in the feed: one of the traded quantity at the resting order's price stands for it.
    private mutating func execute(_ id: UInt64, _ quantity: UInt32, _ now: UInt64) {
        guard var order = orders[id] else { return }
        order.leaves -= min(order.leaves, quantity)
        orders[id] = order.leaves > 0 ? order : nil
        builder.append(
            Command(
                kind: .newOrder, clientOrderID: ~builder.nextOrderID, price: order.price, quantity: quantity,
                instrument: order.instrument, side: order.side.opposite, timeInForce: .immediateOrCancel), at: now)
    }

    private mutating func reduce(_ id: UInt64, by quantity: UInt32, _ now: UInt64) {
        guard let order = orders[id], quantity < order.leaves else { return }
        modify(id, order.leaves - quantity, order.price, now)
    }

    private mutating func modify(_ id: UInt64, _ quantity: UInt32, _ price: Int64, _ now: UInt64) {
        guard var order = orders[id] else { return }
        order.leaves = quantity
        order.price = price
        orders[id] = order
        builder.append(
            Command(
                kind: .replace, clientOrderID: id, originalClientOrderID: id, price: price, quantity: quantity,
                instrument: order.instrument, side: order.side, flags: Command.quantityIsLeaves), at: now)
    }
}
