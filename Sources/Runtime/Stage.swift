/// What a core runs: one bounded piece of work per call, never blocking, allocating or locking.
///
/// Idling is decided outside, from the work counts (see `IdleStrategy`). A stage lives in raw memory that its owner
/// allocated before the core started, and is reached through a `StageHandle`, so that a poll costs one indirect call
/// and no reference counting.
public protocol Stage: ~Copyable {
    /// Does a bounded amount of work.
    /// - Parameter now: nanoseconds since the Unix epoch, read once per round of the core.
    /// - Returns: the number of items worked on; 0 means nothing was there.
    mutating func poll(now: UInt64) -> Int
}

/// A stage as the polling core sees it. A stage type offers one by forming the function with its own type:
/// `{ context, now in context.assumingMemoryBound(to: MyStage.self).pointee.poll(now: now) }`.
public struct StageHandle: @unchecked Sendable {
    public typealias Poll = @convention(c) (_ context: UnsafeMutableRawPointer, _ now: UInt64) -> Int

    public let name: StaticString
    public let context: UnsafeMutableRawPointer
    public let poll: Poll

    public init(name: StaticString, context: UnsafeMutableRawPointer, poll: @escaping Poll) {
        self.name = name
        self.context = context
        self.poll = poll
    }
}
