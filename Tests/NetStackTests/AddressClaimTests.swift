import NetStack
import Testing

@Suite struct AddressClaimTests {
    static let second: UInt64 = 1_000_000_000

    /// What leaves in so many seconds, as `second.tenth message`.
    static func run(_ claim: inout AddressClaim, from start: UInt64, seconds: UInt64, random: UInt64 = 500_000_000)
        -> [String]
    {
        var lines: [String] = []
        for tenth in 0..<seconds * 10 {
            let now = start + tenth * 100_000_000
            while let message = claim.takeMessage(now: now, random: random) {
                lines.append("\(tenth / 10).\(tenth % 10) \(message)")
            }
        }
        return lines
    }

    @Test func threeProbesTwoAnnouncementsThenSilence() {
        var claim = AddressClaim()
        claim.begin(now: Self.second)
        let lines = Self.run(&claim, from: Self.second, seconds: 100)
        #expect(lines == ["0.0 probe", "1.5 probe", "3.0 probe", "5.0 announcement", "7.0 announcement"])
        #expect(claim.state == .held && claim.deadline == .max)
    }

    @Test func probesAreOneToTwoSecondsApart() {
        for random in [0, 1, UInt64.max, 999_999_999, 1_000_000_000] {
            var claim = AddressClaim()
            claim.begin(now: 0)
            _ = claim.takeMessage(now: 0, random: random)
            #expect((Self.second..<2 * Self.second).contains(claim.deadline))
        }
    }

    @Test func whoHasItFirstKeepsItAndIsAskedAgainAMinuteLater() {
        var claim = AddressClaim()
        claim.begin(now: 0)
        _ = claim.takeMessage(now: 0, random: 0)
        let first = claim.conflict(now: 1)
        #expect(!first && claim.state == .yielded)
        #expect(Self.run(&claim, from: 1, seconds: 30) == [])
        let second = claim.conflict(now: 30 * Self.second)
        #expect(!second, "still there: the minute begins anew")
        #expect(Self.run(&claim, from: 30 * Self.second, seconds: 60) == [])
        #expect(Self.run(&claim, from: 90 * Self.second, seconds: 9).first == "0.0 probe")
        #expect(claim.state == .held, "free by now")
    }

    @Test func aHeldAddressIsDefendedOncePerTenSeconds() {
        var claim = AddressClaim()
        let first = claim.conflict(now: 100 * Self.second)
        #expect(first)
        #expect(Self.run(&claim, from: 100 * Self.second, seconds: 1) == ["0.0 announcement"])
        for tenth in 1..<100 {
            let isDefended = claim.conflict(now: 100 * Self.second + UInt64(tenth) * 100_000_000)
            #expect(!isDefended)
        }
        #expect(Self.run(&claim, from: 109 * Self.second, seconds: 1) == [] && claim.state == .held)
        let later = claim.conflict(now: 110 * Self.second)
        #expect(later)
        #expect(Self.run(&claim, from: 110 * Self.second, seconds: 1) == ["0.0 announcement"])
    }

    @Test func aConflictBetweenTheAnnouncementsIsAnsweredByTheNext() {
        var claim = AddressClaim()
        claim.begin(now: 0)
        _ = Self.run(&claim, from: 0, seconds: 6)
        #expect(claim.state == .announcing)
        let isDefended = claim.conflict(now: 6 * Self.second)
        #expect(isDefended)
        #expect(Self.run(&claim, from: 6 * Self.second, seconds: 9) == ["0.0 announcement"])
        #expect(claim.state == .held)
    }
}
