import Orders

extension ReportKind {
    /// One side of a trade.
    var isFill: Bool { self == .filled || self == .partiallyFilled }
}
