import Testing
import WisselCLI

@Suite struct RateSearchTests {
    /// A device that loses nothing up to its capacity and everything above it.
    private func loss(at rate: Double, capacity: Double) -> Double { rate <= capacity ? 0 : 1 - capacity / rate }

    @Test("The edge is found from below, to the precision", arguments: [0.013, 0.25, 0.5, 1.0 / 3, 0.77, 0.9999])
    func findsTheEdge(share: Double) {
        let (limit, precision) = (40e6, 0.01)
        let capacity = share * limit
        let search = RateSearch(upTo: limit, precision: precision) { loss(at: $0, capacity: capacity) == 0 }
        #expect(search.highest <= capacity && capacity - search.highest <= precision * limit)
        #expect(!search.isAtLimit && search.trials == 8)
    }

    @Test func aLittleLossAllowedLiesHigher() {
        func search(_ allowed: Double) -> RateSearch {
            RateSearch(upTo: 1e6, precision: 0.0001) { loss(at: $0, capacity: 500_000) <= allowed }
        }
        // 1 − c/r = 0.1 at r = c / 0.9.
        #expect(abs(search(0.1).highest - 500_000 / 0.9) <= 100)
        #expect(search(0.1).highest > search(0).highest)
    }

    @Test func aDeviceThatPassesAllIsAtTheLimitAfterOneTrial() {
        var tried: [Double] = []
        let search = RateSearch(upTo: 7, precision: 0.01) { rate in
            tried.append(rate)
            return true
        }
        #expect(search.highest == 7 && search.isAtLimit && search.trials == 1 && tried == [7])
    }

    @Test func aDeviceThatPassesNothingHasRateZero() {
        let search = RateSearch(upTo: 7, precision: 0.1) { _ in false }
        #expect(search.highest == 0 && !search.isAtLimit)
    }
}
