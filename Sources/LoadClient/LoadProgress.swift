/// Where a run stands, for a live line.
public struct LoadProgress: Sendable, Equatable {
    public enum Phase: String, Sendable { case sending, draining }

    public var phase: Phase
    public var elapsedNanoseconds: UInt64
    /// Commands sent.
    public var sent: UInt64
    /// Commands directly answered.
    public var acknowledged: UInt64
    public var fills: UInt64
    /// Orders refused and cancels or replaces refused.
    public var rejects: UInt64
    public var resends: UInt64
    /// Commands answered per second since the progress before.
    public var ratePerSecond: Double
}
