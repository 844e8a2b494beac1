/// Where the engine writes the reports of one command: a linear buffer that the engine core empties after each command.
///
/// Plain pointers, one thread. The buffer is sized so that a command cannot overrun it (see `Limits`); should it
/// happen all the same, the report is not written and `overflow` counts it, so that the owner can stop and say so.
@frozen public struct ReportSink: @unchecked Sendable {
    public let base: UnsafeMutablePointer<ExecutionReport>
    public let capacity: Int
    public var count: Int
    public var overflow: UInt64

    /// - Parameter capacity: reports the buffer holds. The memory is uninitialised until written.
    public init(capacity: Int) {
        precondition(capacity > 0, "a report sink needs room for at least one report")
        base = .allocate(capacity: capacity)
        self.capacity = capacity
        count = 0
        overflow = 0
    }

    public func deallocate() { base.deallocate() }

    /// Writes one report behind the others.
    @inlinable public mutating func append(_ report: ExecutionReport) {
        guard count < capacity else {
            overflow &+= 1
            return
        }
        (base + count).initialize(to: report)
        count &+= 1
    }

    @inlinable public mutating func removeAll() { count = 0 }

    /// Takes the last report off, if there is one, and shows it.
    @inlinable public mutating func removeLast(_ body: (ExecutionReport) -> Void) {
        guard count > 0 else { return }
        count &-= 1
        body(base[count])
    }
}
