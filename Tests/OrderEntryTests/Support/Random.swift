import Runtime

extension SplitMix64 {
    /// True with a probability of `perMille` in a thousand.
    mutating func hits(perMille: Int) -> Bool { Int.random(in: 0..<1_000, using: &self) < perMille }
}

/// `release` in an optimised build, `debug` otherwise.
func sized(debug: Int, release: Int) -> Int {
    #if DEBUG
        debug
    #else
        release
    #endif
}
