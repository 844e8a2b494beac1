/// The highest load that passes a test, by halving (RFC 2544 §26.1 leaves the way open; FD.io does the same).
package struct RateSearch: Equatable, Sendable {
    /// The highest load that passed; 0 when none did.
    package let highest: Double
    /// The whole range passed, so the true edge lies higher.
    package let isAtLimit: Bool
    package let trials: Int

    init(highest: Double, isAtLimit: Bool, trials: Int) {
        (self.highest, self.isAtLimit, self.trials) = (highest, isAtLimit, trials)
    }

    /// Tries `limit` first, then halves until the edge is known to `precision` of the limit.
    ///
    /// Correct for tests that pass up to some load and fail above it. Of others it finds some load that passed with one
    /// not far above that failed.
    /// - Parameters:
    ///   - limit: highest load to try, above 0.
    ///   - precision: share of `limit`, above 0.
    package init(upTo limit: Double, precision: Double, passes: (Double) throws -> Bool) rethrows {
        precondition(limit > 0 && precision > 0, "a search needs a range and a precision")
        if try passes(limit) {
            (highest, isAtLimit, trials) = (limit, true, 1)
            return
        }
        var (low, high, count) = (0.0, limit, 1)
        while high - low > precision * limit {
            let middle = (low + high) / 2
            count += 1
            if try passes(middle) { low = middle } else { high = middle }
        }
        (highest, isAtLimit, trials) = (low, false, count)
    }
}
