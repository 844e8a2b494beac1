/// What a polling core counts about itself.
public enum PollingCoreCounter: UInt8, CaseIterable, Sendable {
    /// Rounds over all stages.
    case rounds
    /// Rounds in which at least one stage found work.
    case busyRounds
    /// Sum of the work counts of all stages.
    case workItems
    /// Time of the latest round, nanoseconds since the Unix epoch; 0 before the first.
    case lastPollNanoseconds
    /// 1 when the core stopped at its drain bound while its stages still found work.
    case drainCutShort
}
