import Orders

/// Who is told what happens. The engine is written once for every receiver and compiled for each, so that a report goes straight into
/// the receiver's own format.
protocol MatchReceiver {
    mutating func accepted(_ order: Aggressor)
    /// - Parameters:
    ///   - resting: already reduced; `leaves` is what it has left, of an iceberg all of it.
    ///   - price: of the trade, ticks.
    mutating func traded(
        _ order: Aggressor, _ resting: UnsafePointer<RestingOrder>, leaves: UInt32, quantity: UInt32,
        price: Int64, trade: UInt64)
    /// What was left of an incoming order is gone.
    mutating func ended(_ order: Aggressor, _ reason: RejectReason)
    /// Its owner cancelled a live order.
    mutating func cancelled(_ resting: UnsafePointer<RestingOrder>, by command: Command)
    /// Its owner replaced a live order, which is as it is now.
    mutating func replaced(_ resting: UnsafePointer<RestingOrder>, leaves: UInt32, by command: Command)
    mutating func refused(_ command: Command, _ reason: RejectReason)
    /// Everything that happens more seldom.
    mutating func append(_ report: ExecutionReport)
}
