import Testing
import WisselCLI

/// Two engines have one digest when they said the same, whatever they leave in fields that mean nothing.
@Suite struct ReportDigestTests {
    private static func report(
        _ kind: UInt64, side: UInt64 = 0, sequence: UInt64 = 1, order: UInt64 = 2, price: UInt64 = 3,
        quantity: UInt64 = 4, maker: UInt64 = 5, taker: UInt64 = 6
    ) -> Report {
        Report(SIMD8(kind | side << 8, sequence, order, price, quantity, maker, taker, 0))
    }

    private static func digest(_ reports: Report...) -> String {
        var digest = ReportDigest()
        for report in reports { digest.add(report) }
        return digest.text
    }

    @Test func fieldsCountWhereTheyMeanSomething() {
        let report = Self.report
        #expect(Self.digest(report(0, 0, 1, 2, 3, 4, 5, 6)) == Self.digest(report(0, 0, 1, 2, 3, 4, 0, 0)))
        #expect(Self.digest(report(0, 0, 1, 2, 3, 4, 5, 6)) != Self.digest(report(0, 1, 1, 2, 3, 4, 5, 6)))
        #expect(Self.digest(report(1, 0, 1, 2, 3, 4, 5, 6)) == Self.digest(report(1, 1, 1, 9, 3, 4, 5, 6)))
        #expect(Self.digest(report(1, 0, 1, 2, 3, 4, 5, 6)) != Self.digest(report(1, 0, 1, 2, 3, 4, 5, 7)))
        #expect(Self.digest(report(2, 0, 1, 2, 3, 4, 5, 6)) == Self.digest(report(2, 0, 1, 2, 3, 9, 5, 6)))
        #expect(Self.digest(report(4, 0, 1, 2, 3, 4, 5, 6)) == Self.digest(report(4, 1, 1, 2, 9, 9, 5, 6)))
        #expect(Self.digest(report(4, 0, 1, 2, 3, 4, 5, 6)) != Self.digest(report(5, 0, 1, 2, 3, 4, 5, 6)))
        #expect(Self.digest(report(5, 0, 1, 2, 3, 4, 5, 6)) != Self.digest(report(5, 0, 8, 2, 3, 4, 5, 6)))
        #expect(Self.digest(report(9, 0, 1, 2, 3, 4, 5, 6)) == Self.digest())
    }

    @Test func orderCountsAmongTradesOfOneMessageOnly() {
        let accepted = Self.report(0)
        let (first, second) = (Self.report(1, maker: 7), Self.report(1, maker: 8))
        #expect(Self.digest(accepted, first, second) == Self.digest(first, second, accepted))
        #expect(Self.digest(accepted, first, second) != Self.digest(accepted, second, first))
        #expect(Self.digest(first, second) != Self.digest(first))
    }
}
