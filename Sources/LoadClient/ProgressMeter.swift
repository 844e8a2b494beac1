import OrderEntry

/// Makes the progress of a run about ten times a second.
struct ProgressMeter {
    private static let intervalNanoseconds: UInt64 = 100_000_000

    private let startNanoseconds: UInt64
    private var lastNanoseconds: UInt64
    private var lastAnswered: UInt64 = 0

    init(startNanoseconds: UInt64) {
        self.startNanoseconds = startNanoseconds
        lastNanoseconds = startNanoseconds
    }

    func isDue(_ now: UInt64) -> Bool { now > lastNanoseconds && now - lastNanoseconds >= Self.intervalNanoseconds }

    mutating func take(
        _ model: OrderModel, _ counters: ClientSessionCounters, _ phase: LoadProgress.Phase, _ now: UInt64
    ) -> LoadProgress {
        let statistics = model.statistics
        let answered = statistics.commandsAnswered
        let rate = Double(answered - lastAnswered) * 1e9 / Double(max(1, now &- lastNanoseconds))
        lastNanoseconds = now
        lastAnswered = answered
        return LoadProgress(
            phase: phase, elapsedNanoseconds: now &- startNanoseconds, sent: statistics.commandsSent,
            acknowledged: answered, fills: statistics.fills, rejects: statistics.rejected + statistics.cancelRejected,
            resends: counters.resends, ratePerSecond: rate)
    }
}
