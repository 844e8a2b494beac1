import Orders

/// What asks for something: a command, or a message of another format that means one and is read where it lies.
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
    var side: Side { get }
    var timeInForce: TimeInForce { get }
    var flags: UInt8 { get }
}

extension Command: Request {}
