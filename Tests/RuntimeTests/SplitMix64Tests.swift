import Runtime
import Testing

@Suite struct SplitMix64Tests {
    /// Outputs of the reference implementation, https://prng.di.unimi.it/splitmix64.c.
    @Test func reference() {
        var zero = SplitMix64(seed: 0)
        #expect([zero.next(), zero.next(), zero.next()] as [UInt64] == Self.afterSeed0)
        var other = SplitMix64(seed: 1_234_567)
        #expect([other.next(), other.next(), other.next()] as [UInt64] == Self.afterSeed1234567)
    }

    private static let afterSeed0: [UInt64] = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]
    private static let afterSeed1234567: [UInt64] = [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
}
