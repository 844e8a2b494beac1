/// SplitMix64 (Steele et al. 2014, DOI 10.1145/2660193.2660195): the same numbers from the same seed everywhere.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

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
