import Runtime
public enum FeedCounter: UInt8, CaseIterable, Sendable { case packets, messages, gaps, missing, duplicates, malformed }
public struct FeedLimits: Sendable { public init() {} }
public enum FeedOutcome { case decoded(messages: Int) }
public struct FeedHandler: ~Copyable {
    public let counters = CounterBlock<FeedCounter>()
    public init(limits: FeedLimits) {}
    public mutating func consume(_ payload: UnsafeRawPointer, length: Int, receivedNanoseconds: UInt64) -> FeedOutcome { .decoded(messages: 0) }
}
