import Testing
import WisselCLI

/// Who wins, and whether that means anything.
@Suite struct TuneRankingTests {
    /// - Parameter rounds: median round trips in microseconds by plan.
    private func rank(_ rounds: [(String, [Double])], by measure: TuneRanking.Measure = .roundTrip) -> TuneRanking {
        let entries = rounds.flatMap { plan, values in
            values.enumerated().map { index, value in
                TuneLog.Entry(
                    round: index + 1, plan: plan,
                    figures: TuneFigures(
                        ordersPerSecond: 1e6 / value, packetsPerSecond: 2e6 / value, p50: value * 1_000,
                        p99: value * 3_000))
            }
        }
        return TuneRanking(entries, plans: rounds.map(\.0), by: measure)
    }

    @Test(arguments: TuneRanking.Measure.allCases)
    func aClearWinnerWinsBySoMuch(measure: TuneRanking.Measure) {
        let ranking = rank(
            [
                ("proposed", [10.7, 10.8, 10.6, 10.7, 10.7]), ("other", [10, 10, 10, 10, 10]),
                ("worst", [20, 21, 20, 20, 20]),
            ], by: measure)
        #expect(ranking.rows.map(\.plan) == ["other", "proposed", "worst"])
        #expect(ranking.winner == "other" && ranking.verdict == "'other' wins by 7 % (spread 0 %)")
        #expect(ranking.rows.map(\.isWorse) == [false, true, true])
        #expect(abs(ranking.rows[2].ratio - 2) < 1e-9 && ranking.rows[0].ratio == 1)
    }

    @Test func theProposedPlanStaysWhenTheDifferenceIsNoise() {
        // Better in the middle, but not in every round.
        let ranking = rank([
            ("proposed", [10, 12, 11, 10, 13]), ("other", [9, 13, 10, 11, 9]), ("worst", [30, 30, 30, 30, 30]),
        ])
        #expect(ranking.rows[0].plan == "other" && ranking.winner == "proposed")
        #expect(ranking.verdict.hasPrefix("no plan is better than the proposed one above the noise of ± "))
    }

    @Test func aLeadSmallerThanItsOwnSpreadIsNone() {
        // Better in every round, sometimes by 1 %, sometimes by 60 %.
        let ranking = rank([("proposed", [10.1, 16, 10.1, 16, 10.1]), ("other", [10, 10, 10, 10, 10])])
        #expect(ranking.winner == "proposed", "\(ranking.verdict)")
    }

    @Test func whatDisturbsAllPlansOfARoundIsNoNoise() {
        // The machine is three times slower in two rounds, for both.
        let ranking = rank([("proposed", [11, 33, 11, 33, 11]), ("other", [10, 30, 10, 30, 10])])
        #expect(ranking.winner == "other" && ranking.verdict == "'other' wins by 10 % (spread 0 %)")
    }

    @Test func equalsBeforeTheProposedAreNamed() {
        let ranking = rank([
            ("proposed", [20, 20, 20]), ("a", [10, 12, 11]), ("b", [11, 11, 12]), ("c", [40, 40, 40]),
        ])
        #expect(ranking.winner == ranking.rows[0].plan)
        #expect(
            ranking.verdict.contains("wins over the proposed plan by")
                && ranking.verdict.contains("no difference above"))
        let first = rank([("proposed", [10, 12, 11]), ("b", [11, 11, 12]), ("c", [40, 40, 40])])
        #expect(
            first.winner == "proposed" && first.verdict.hasPrefix("'proposed' stays: no difference above the noise"))
    }

    @Test func theProposedPlanFarBehindIsComparedToo() {
        let ranking = rank([("proposed", [30, 30, 30]), ("a", [10, 10, 10]), ("b", [20, 20, 20])])
        #expect(ranking.verdict == "'a' wins by 100 % (spread 0 %), and over the proposed plan by 200 % (spread 0 %)")
    }

    @Test func tooFewRoundsSayNothing() {
        let ranking = rank([("proposed", [10, 10]), ("a", [5, 5])])
        #expect(ranking.winner == nil && ranking.verdict.contains("too few rounds"))
        #expect(rank([]).winner == nil && rank([("a", [1])]).winner == "a")
    }

    @Test func whatWasMeasuredOnOtherTermsIsShownAndCannotWin() {
        let entries = rank([("proposed", [10, 10, 10]), ("free", [1, 1, 1]), ("other", [5, 5, 5])]).rows.flatMap {
            row in
            row.figures.map { TuneLog.Entry(round: $0.key, plan: row.plan, figures: $0.value) }
        }
        let ranking = TuneRanking(
            entries, plans: ["proposed", "free", "other"], by: .roundTrip, incomparable: ["free"])
        #expect(ranking.rows.map(\.plan) == ["other", "proposed", "free"])
        #expect(ranking.winner == "other" && ranking.verdict == "'other' wins by 100 % (spread 0 %)")
        #expect(ranking.rows.map(\.isComparable) == [true, true, false] && ranking.rows[2].ratio < 1)
    }

    @Test func plansThatFailedAreNotRanked() {
        let entries = [
            TuneLog.Entry(round: 1, plan: "a", figures: nil, failure: "x"),
            TuneLog.Entry(
                round: 1, plan: "b", figures: .init(ordersPerSecond: 1, packetsPerSecond: 1, p50: 1, p99: 1)),
        ]
        #expect(TuneRanking(entries, plans: ["a", "b"], by: .tail).rows.map(\.plan) == ["b"])
    }
}
