/// When the things of an even stream are due: thing *n* at start + n / rate, without accumulated rounding.
public struct Pacer: Sendable, Equatable {
    public let startNanoseconds: UInt64
    /// 0.001…1,000,000,000 a second.
    public let ratePerSecond: Double
    private let intervalNanoseconds: Double

    public init(startNanoseconds: UInt64, ratePerSecond: Double) {
        precondition(ratePerSecond >= 0.001 && ratePerSecond <= 1e9, "a rate is between 0.001 and 1e9 a second")
        self.startNanoseconds = startNanoseconds
        self.ratePerSecond = ratePerSecond
        intervalNanoseconds = 1e9 / ratePerSecond
    }

    /// The time thing `index`, from 0, is due.
    public func dueNanoseconds(_ index: UInt64) -> UInt64 {
        startNanoseconds &+ UInt64(min(Double(index) * intervalNanoseconds, 9e18))
    }

    /// Things due up to and including `now`.
    public func dueCount(now: UInt64) -> UInt64 {
        guard now >= startNanoseconds else { return 0 }
        var count = UInt64(Double(now - startNanoseconds) / intervalNanoseconds)
        // The division may be off by one ulp to either side; `dueNanoseconds` decides.
        if dueNanoseconds(count) > now { count -= 1 }
        return dueNanoseconds(count + 1) <= now ? count + 2 : count + 1
    }
}
