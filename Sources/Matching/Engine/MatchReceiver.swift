import Orders

/// Who is told what happens. The engine is written once for every receiver and compiled for each, so that a report goes straight into
/// the receiver's own format.
protocol MatchReceiver {
    /// Whether two reports can be taken at once, without waiting and without a loss.
    var hasRoom: Bool { get }
    /// - Parameter hasRoom: it has been asked for, and is so.
    mutating func accepted(_ order: Aggressor, hasRoom: Bool)
    /// - Parameters:
    ///   - resting: already reduced; `leaves` is what it has left, of an iceberg all of it.
    ///   - price: of the trade, ticks.
    mutating func traded(
        _ order: Aggressor, _ resting: UnsafePointer<RestingOrder>, leaves: UInt32, quantity: UInt32,
        price: Int64, trade: UInt64)
    /// What was left of an incoming order is gone.
    /// - Parameter hasRoom: as above.
    mutating func ended(_ order: Aggressor, _ reason: RejectReason, hasRoom: Bool)
    /// Its owner cancelled a live order.
    /// - Parameters:
    ///   - lost: what it had left, of an iceberg all of it.
    ///   - hasRoom: as above.
    mutating func cancelled<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, lost: UInt32, by command: Asked, hasRoom: Bool)
    /// Its owner replaced a live order, which is as it is now.
    /// - Parameters:
    ///   - before: what it had left before.
    ///   - hasRoom: as above.
    mutating func replaced<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, before: UInt32, leaves: UInt32, by command: Asked, hasRoom: Bool)
    mutating func refused(_ command: Command, _ reason: RejectReason)
    /// Everything that happens more seldom.
    mutating func append(_ report: ExecutionReport)
}

extension MatchReceiver {
    @inline(__always) mutating func accepted(_ order: Aggressor) { accepted(order, hasRoom: false) }
    @inline(__always) mutating func ended(_ order: Aggressor, _ reason: RejectReason) {
        ended(order, reason, hasRoom: false)
    }
    @inline(__always) mutating func replaced(
        _ resting: UnsafePointer<RestingOrder>, before: UInt32, leaves: UInt32, by command: Command
    ) { replaced(resting, before: before, leaves: leaves, by: command, hasRoom: false) }
}
