import Orders

/// A new order with traits and terms: one message and one client sequence, whatever records the log needs for it.
extension OrderMessage {
    /// The terms in a checked message of type newOrderTerms; all zero for others.
    @inlinable public static func terms(_ bytes: UnsafeRawPointer) -> OrderTerms {
        guard MessageHeader.type(at: bytes) == .newOrderTerms else { return OrderTerms() }
        return OrderTerms(
            triggerPrice: Int64(bitPattern: bytes.u64(40)), offset: Int64(bitPattern: bytes.u64(48)),
            expireTimeNanoseconds: bytes.u64(56), minimumQuantity: bytes.u32(72), peakRange: bytes.u32(76))
    }

    @inlinable static func decodeOrderWithTerms(_ bytes: UnsafeRawPointer, into command: inout Command) {
        command.kind = .newOrder
        command.clientOrderID = bytes.u64(16)
        command.traits = OrderTraits(rawValue: bytes.u64(24))
        command.price = Int64(bitPattern: bytes.u64(32))
        command.quantity = bytes.u32(64)
        command.instrument = bytes.u32(68)
        command.side = Side(rawValue: bytes.u8(80)) ?? .none
        command.timeInForce = TimeInForce(rawValue: bytes.u8(81)) ?? .none
        // Terms that are all zero say nothing, and cost no record.
        if terms(bytes) != OrderTerms() { command.flags = Command.hasTerms }
    }

    static func encodeOrderWithTerms(_ command: Command, _ terms: OrderTerms, into bytes: UnsafeMutableRawPointer) {
        bytes.put(command.traits.rawValue, 24)
        bytes.put(UInt64(bitPattern: command.price), 32)
        bytes.put(UInt64(bitPattern: terms.triggerPrice), 40)
        bytes.put(UInt64(bitPattern: terms.offset), 48)
        bytes.put(terms.expireTimeNanoseconds, 56)
        bytes.put(command.quantity, 64)
        bytes.put(command.instrument, 68)
        bytes.put(terms.minimumQuantity, 72)
        bytes.put(terms.peakRange, 76)
        bytes.put(command.side.rawValue, 80)
        bytes.put(command.timeInForce.rawValue, 81)
    }
}
