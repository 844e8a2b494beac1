import Orders

/// The first pre-trade gate: quantity, notional value and price collar of every new and replaced order.
///
/// Pure and deterministic: flat table, integers only, an overflow is a reject. One thread. The reference price of the
/// collar is the instrument's last trade, before the first trade the configured price.
public struct RiskGate: ~Copyable {
    private struct Row {
        var limits: RiskLimits
        var referencePrice: Int64
    }

    private let index: InstrumentIndex
    private let rows: UnsafeMutablePointer<Row>
    private let count: Int

    public init(instruments: [(InstrumentSpecification, RiskLimits)]) {
        index = InstrumentIndex(instruments.map(\.0.id))
        count = instruments.count
        rows = .allocate(capacity: max(count, 1))
        for (position, (specification, limits)) in instruments.enumerated() {
            (rows + position).initialize(to: Row(limits: limits, referencePrice: specification.referencePrice))
        }
    }

    deinit {
        index.deallocate()
        rows.deallocate()
    }

    /// Whether a command may go on to the book; `.none` when it may. Cost: one look-up and three comparisons.
    public borrowing func check(_ command: Command) -> RejectReason {
        switch command.kind {
        case .newOrder, .replace: break
        case .cancel: return index.position(of: command.instrument) == nil ? .unknownInstrument : .none
        case .none, .sessionEstablished, .sessionTerminated, .checkpoint: return .none
        }
        guard let position = index.position(of: command.instrument) else { return .unknownInstrument }
        let row = rows + position
        if command.quantity > row.pointee.limits.maximumQuantity { return .quantityAboveMaximum }
        let notional = command.price.magnitude.multipliedReportingOverflow(by: UInt64(command.quantity))
        if notional.overflow || notional.partialValue > row.pointee.limits.maximumNotional {
            return .notionalAboveMaximum
        }
        let distance = command.price.subtractingReportingOverflow(row.pointee.referencePrice)
        if distance.overflow || distance.partialValue.magnitude > row.pointee.limits.collarTicks {
            return .priceOutsideCollar
        }
        return .none
    }

    /// Takes a report of the engine in: a trade moves the reference price.
    public mutating func observe(_ report: ExecutionReport) {
        guard report.executionID != 0, let position = index.position(of: report.instrument) else { return }
        rows[position].referencePrice = report.price
    }

    public borrowing func combine(into hash: inout StateHash) {
        for position in 0..<count { hash.combine(rows[position].referencePrice) }
    }
}
