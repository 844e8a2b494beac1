import Orders

/// What asks for something: a command where it lies, or a message of another format that means one and is read where it lies.
///
/// The straight way reads a field where it needs it. Loads are cheap; what is kept over many stores needs a register or one more store.
protocol Request {
    var sequence: UInt64 { get }
    var timestampNanoseconds: UInt64 { get }
    var clientSequence: UInt64 { get }
    var clientOrderID: UInt64 { get }
    var originalClientOrderID: UInt64 { get }
    var price: Int64 { get }
    var quantity: UInt32 { get }
    var session: UInt32 { get }
    var instrument: UInt32 { get }
    var kind: CommandKind { get }
    var side: Side { get }
    var timeInForce: TimeInForce { get }
    var flags: UInt8 { get }
    /// Bytes 48…55 of a command: quantity and session, to be held against limits together.
    var quantityAndSession: UInt64 { get }
    /// Bytes 56…63 of a command: instrument, kind, side, time in force and flags.
    var marks: UInt64 { get }
}

extension Request {
    @inline(__always) var quantityAndSession: UInt64 { UInt64(quantity) | UInt64(session) &<< 32 }

    @inline(__always) var marks: UInt64 {
        let low = UInt64(instrument) | UInt64(kind.rawValue) &<< 32 | UInt64(side.rawValue) &<< 40
        return low | UInt64(timeInForce.rawValue) &<< 48 | UInt64(flags) &<< 56
    }
}

extension Command: Request {}

/// A command is not copied on its way: what was copied has to be read from the processor's store queue.
extension UnsafePointer: Request where Pointee == Command {
    @inline(__always) var sequence: UInt64 { pointee.sequence }
    @inline(__always) var timestampNanoseconds: UInt64 { pointee.timestampNanoseconds }
    @inline(__always) var clientSequence: UInt64 { pointee.clientSequence }
    @inline(__always) var clientOrderID: UInt64 { pointee.clientOrderID }
    @inline(__always) var originalClientOrderID: UInt64 { pointee.originalClientOrderID }
    @inline(__always) var price: Int64 { pointee.price }
    @inline(__always) var quantity: UInt32 { pointee.quantity }
    @inline(__always) var session: UInt32 { pointee.session }
    @inline(__always) var instrument: UInt32 { pointee.instrument }
    @inline(__always) var kind: CommandKind { pointee.kind }
    @inline(__always) var side: Side { pointee.side }
    @inline(__always) var timeInForce: TimeInForce { pointee.timeInForce }
    @inline(__always) var flags: UInt8 { pointee.flags }
    @inline(__always) var quantityAndSession: UInt64 {
        UnsafeRawPointer(self).load(fromByteOffset: 48, as: UInt64.self)
    }
    @inline(__always) var marks: UInt64 { UnsafeRawPointer(self).load(fromByteOffset: 56, as: UInt64.self) }
}
