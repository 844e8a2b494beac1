import Orders

/// New order, cancel and replace: the commands of a client, straight from and into `Command`.
public enum OrderMessage {
    /// Reads the command out of a checked message of type newOrder, cancel or replace; `kind` is `.none` for others.
    ///
    /// Side and time in force that mean nothing become `.none`, which the engine refuses with a reason, so that the
    /// client gets an answer. Sequence and timestamp are the sequencer's and stay 0.
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
        default:
            break
        }
        return command
    }

    /// Writes a client's command; returns its length, 0 for kinds that are not a client's.
    public static func encode(_ command: Command, into bytes: UnsafeMutableRawPointer) -> Int {
        let type: MessageType
        switch command.kind {
        case .newOrder: type = .newOrder
        case .cancel: type = .cancel
        case .replace: type = .replace
        default: return 0
        }
        let length = MessageHeader.write(
            type, session: command.session, sequence: command.clientSequence, to: bytes)
        bytes.put(command.clientOrderID, 16)
        switch type {
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
        }
        return length
    }
}
