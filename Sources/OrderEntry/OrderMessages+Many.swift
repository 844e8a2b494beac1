import Orders

/// Quotes and mass cancels.
extension OrderMessage {
    @inlinable static func decodeQuote(_ bytes: UnsafeRawPointer, into command: inout Command) {
        command.kind = .quote
        command.clientOrderID = bytes.u64(16)
        command.price = Int64(bitPattern: bytes.u64(24))
        command.quantity = bytes.u32(32)
        command.instrument = bytes.u32(36)
        command.side = Side(rawValue: bytes.u8(40)) ?? .none
        command.timeInForce = .day
        if bytes.u8(41) & secondBook != 0 { command.traits = OrderTraits(.limit, .secondBook) }
    }

    static func encodeQuote(_ command: Command, into bytes: UnsafeMutableRawPointer) {
        bytes.put(UInt64(bitPattern: command.price), 24)
        bytes.put(command.quantity, 32)
        bytes.put(command.instrument, 36)
        bytes.put(command.side.rawValue, 40)
        bytes.put(command.traits.conditions.contains(.secondBook) ? secondBook : 0, 41)
    }

    @inlinable static func decodeMassCancel(_ bytes: UnsafeRawPointer, into command: inout Command) {
        command.kind = .massCancel
        command.clientOrderID = bytes.u64(16)
        command.instrument = bytes.u32(40)
        if let side = Side(rawValue: bytes.u8(44)) {
            command.side = side
            command.flags = bytes.u8(45) & Command.hasPriceRange
            command.originalClientOrderID = bytes.u64(24)
            command.price = Int64(bitPattern: bytes.u64(32))
        } else {
            // A side that means nothing must not become both sides: the empty range makes the answer "0 orders".
            command.flags = Command.hasPriceRange
            command.originalClientOrderID = UInt64(bitPattern: Int64.max)
            command.price = Int64.min
        }
    }

    static func encodeMassCancel(_ command: Command, into bytes: UnsafeMutableRawPointer) {
        bytes.put(command.originalClientOrderID, 24)
        bytes.put(UInt64(bitPattern: command.price), 32)
        bytes.put(command.instrument, 40)
        bytes.put(command.side.rawValue, 44)
        bytes.put(command.flags & Command.hasPriceRange, 45)
    }
}
