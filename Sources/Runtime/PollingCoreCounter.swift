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
    /// Rounds after which the next began more than `PollLoop.longRoundNanoseconds` later: the CPU was taken away, or a stage
    /// blocked. Rounds after which the core idled by choice do not count.
    case longRounds
    /// The longest of those times, nanoseconds.
    case longestRoundNanoseconds
    /// 1 when the core stopped at its drain bound while its stages still found work.
    case drainCutShort
}
