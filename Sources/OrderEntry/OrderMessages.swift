import Orders

/// The commands of a client, straight from and into `Command`; the bytes are in this folder's README.
public enum OrderMessage {
    /// Reads the command out of a checked message; `kind` is `.none` for messages that are no command.
    ///
    /// Side and time in force that mean nothing become `.none`, which the engine refuses with a reason, so that the
    /// client gets an answer. Sequence and timestamp are the sequencer's and stay 0. A new order has `Command.hasTerms` when
    /// a term is not zero; `terms` reads them.
    @inlinable public static func decode(_ bytes: UnsafeRawPointer) -> Command {
        var command = Command(kind: .none)
        command.session = MessageHeader.session(at: bytes)
        command.clientSequence = MessageHeader.sequence(at: bytes)
        // Other messages may end with their header: nothing behind it is read before the type is known.
        switch MessageHeader.type(at: bytes) {
        case .newOrder:
            command.kind = .newOrder
            command.clientOrderID = bytes.u64(16)
            command.price = Int64(bitPattern: bytes.u64(24))
            command.quantity = bytes.u32(32)
            command.instrument = bytes.u32(36)
            command.side = Side(rawValue: bytes.u8(40)) ?? .none
            command.timeInForce = TimeInForce(rawValue: bytes.u8(41)) ?? .none
        case .cancel:
            command.kind = .cancel
            command.clientOrderID = bytes.u64(16)
            command.originalClientOrderID = bytes.u64(24)
            command.instrument = bytes.u32(32)
            command.side = Side(rawValue: bytes.u8(36)) ?? .none
        case .replace:
            command.kind = .replace
            command.clientOrderID = bytes.u64(16)
            command.originalClientOrderID = bytes.u64(24)
            command.price = Int64(bitPattern: bytes.u64(32))
            command.quantity = bytes.u32(40)
            command.instrument = bytes.u32(44)
            command.side = Side(rawValue: bytes.u8(48)) ?? .none
            command.timeInForce = TimeInForce(rawValue: bytes.u8(49)) ?? .none
            if bytes.u8(50) & quantityIsLeaves != 0 { command.flags = Command.quantityIsLeaves }
        case .newOrderTerms: decodeOrderWithTerms(bytes, into: &command)
        case .quote: decodeQuote(bytes, into: &command)
        case .massCancel: decodeMassCancel(bytes, into: &command)
        default:
            break
        }
        return command
    }

    /// Bit of the flags of a Replace: `Command.quantityIsLeaves`.
    @inlinable static var quantityIsLeaves: UInt8 { 1 }
    /// Bit of the flags of a Quote: the instrument's second book.
    @inlinable static var secondBook: UInt8 { 1 }

    /// The message that carries a command; nil for kinds that are not a client's.
    public static func type(of command: Command) -> MessageType? {
        switch command.kind {
        case .newOrder:
            command.traits.rawValue != 0 || command.flags & Command.hasTerms != 0 ? .newOrderTerms : .newOrder
        case .cancel: .cancel
        case .replace: .replace
        case .quote: .quote
        case .massCancel: .massCancel
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .phase, .setInstrument, .timer,
            .indicate, .setRisk, .rule:
            nil
        }
    }

    /// Bytes `encode` writes.
    public static func length(of command: Command) -> Int { type(of: command)?.length ?? 0 }

    /// Writes a client's command; returns its length, 0 for kinds that are not a client's.
    /// - Parameter terms: of a new order with `Command.hasTerms`; all zero for other commands.
    public static func encode(
        _ command: Command, terms: OrderTerms = OrderTerms(), into bytes: UnsafeMutableRawPointer
    ) -> Int {
        guard let type = type(of: command) else { return 0 }
        let length = MessageHeader.write(
            type, session: command.session, sequence: command.clientSequence, to: bytes)
        bytes.put(command.clientOrderID, 16)
        switch type {
        case .newOrderTerms: encodeOrderWithTerms(command, terms, into: bytes)
        case .quote: encodeQuote(command, into: bytes)
        case .massCancel: encodeMassCancel(command, into: bytes)
        case .newOrder:
            bytes.put(UInt64(bitPattern: command.price), 24)
            bytes.put(command.quantity, 32)
            bytes.put(command.instrument, 36)
            bytes.put(command.side.rawValue, 40)
            bytes.put(command.timeInForce.rawValue, 41)
        case .cancel:
            bytes.put(command.originalClientOrderID, 24)
            bytes.put(command.instrument, 32)
            bytes.put(command.side.rawValue, 36)
        default:
            bytes.put(command.originalClientOrderID, 24)
            bytes.put(UInt64(bitPattern: command.price), 32)
            bytes.put(command.quantity, 40)
            bytes.put(command.instrument, 44)
            bytes.put(command.side.rawValue, 48)
            bytes.put(command.timeInForce.rawValue, 49)
            bytes.put(command.flags & Command.quantityIsLeaves == 0 ? 0 : quantityIsLeaves, 50)
        }
        return length
    }
}
