import Orders
import TestSupport
import Testing

/// Self-trade, quotes, mass cancels, time, replaces and interruptions, a script each.
@Suite struct NaiveExchangeTests {
    private let volatile = {
        var instrument = ScriptedExchange.instrument()
        instrument.dynamicRange = 5
        instrument.interruptionNanoseconds = 100
        return instrument
    }()
    private let shared = ScriptedExchange.instrument(AllocationRule(.allocation))

    @Test func selfTradeByEveryMode() {
        Rules.expect([
            ("1 sell 5@100", ["1 1 accepted left 5"]),
            ("2 sell 10@100", ["2 2 accepted left 10"]),
            ("1 buy 8@100 cancelNewest", ["1 3 accepted left 8", "1 3 cancelled selfTradePrevention"]),
            (
                "1 buy 8@100 cancelOldest ioc",
                [
                    "1 4 accepted left 8", "1 1 cancelled selfTradePrevention", "1 4 filled 8@100",
                    "2 2 partiallyFilled 8@100 left 2",
                ]
            ),
            ("1 sell 8@101", ["1 5 accepted left 8"]),
            (
                "1 buy 9@101 cancelBoth",
                [
                    "1 6 accepted left 9", "1 6 partiallyFilled 2@100 left 7", "2 2 filled 2@100",
                    "1 5 cancelled selfTradePrevention", "1 6 cancelled selfTradePrevention",
                ]
            ),
            ("1 sell 12@102", ["1 7 accepted left 12"]),
            (
                "1 buy 8@102 decrement",
                [
                    "1 8 accepted left 8", "1 8 cancelled selfTradePrevention",
                    "1 7 restated @102 left 4 selfTradePrevention",
                ]
            ),
            (
                "1 buy 9@102 decrement",
                [
                    "1 9 accepted left 9", "1 9 restated @102 left 5 selfTradePrevention",
                    "1 7 cancelled selfTradePrevention",
                ]
            ),
            ("2 sell 5@103", ["2 10 accepted left 5"]),
            ("4 buy 5@103 cancelNewest firm", ["4 11 accepted left 5", "4 11 cancelled selfTradePrevention"]),
        ])
    }

    @Test func quotesEnterChangeAndLeave() {
        Rules.expect([
            ("1 quote 7 buy 5@99", ["1 7 accepted left 5"]),
            ("1 quote 7 buy 3@99", ["1 7 replaced left 3"]),
            ("1 quote 7 sell 3@99", ["1 7 rejected invalidSide"]),
            ("1 quote 7 buy 6@98", ["1 7 replaced left 6"]),
            ("2 sell 2@98", ["2 5 accepted left 2", "2 5 filled 2@98", "1 7 partiallyFilled 2@98 left 4"]),
            ("1 quote 7 buy 6@98", ["1 7 replaced left 6"]),
            ("1 quote 7 buy 0@98", ["1 7 cancelled"]),
            ("1 quote 7 buy 0@98", ["1 7 cancelRejected unknownOrder"]),
        ])
    }

    @Test func massCancelGoesBackwardsThroughTheRoster() {
        Rules.expect([
            ("1 buy 1@91", ["1 1 accepted left 1"]),
            ("1 buy 2@92", ["1 2 accepted left 2"]),
            ("1 sell 3@110", ["1 3 accepted left 3"]),
            ("1 buy 4@94", ["1 4 accepted left 4"]),
            ("1 cancel 1", ["1 5 cancelled"]),
            ("1 mass buy", ["1 2 cancelled massCancel", "1 4 cancelled massCancel", "1 massCancelled 2"]),
            ("1 sell 5@111", ["1 7 accepted left 5"]),
            ("1 leaves", ["1 7 cancelled cancelOnDisconnect", "1 3 cancelled cancelOnDisconnect"]),
        ])
    }

    @Test func goodTillDateEndsAtItsInstant() {
        Rules.expect([
            ("1 buy 5@100 until:50", ["1 1 accepted left 5"]),
            ("1 buy 5@100 until:50", ["1 2 accepted left 5"]),
            ("clock 49", []),
            ("clock 50", ["1 1 cancelled expired", "1 2 cancelled expired"]),
            ("1 buy 5@100 until:50", ["1 5 rejected invalidExpireTime"]),
        ])
    }

    @Test func replaceKeepsThePlaceOfReductions() {
        Rules.expect([
            ("1 buy 20@100 shows:5", ["1 1 accepted left 20"]),
            ("2 buy 5@100", ["2 2 accepted left 5"]),
            ("1 replace 1 12@100", ["1 3 replaced left 12"]),
            ("3 sell 2@100", ["3 4 accepted left 2", "3 4 filled 2@100", "1 3 partiallyFilled 2@100 left 10"]),
            ("1 replace 3 4@100 left", ["1 5 replaced left 4"]),
            (
                "3 sell 6@100",
                [
                    "3 6 accepted left 6", "3 6 partiallyFilled 3@100 left 3", "1 5 partiallyFilled 3@100 left 1",
                    "3 6 filled 3@100", "2 2 partiallyFilled 3@100 left 2",
                ]
            ),
            ("2 replace 2 3@100", ["2 7 cancelRejected invalidQuantity"]),
            ("2 replace 2 6@100", ["2 8 replaced left 3"]),
            ("2 replace 8 6@101", ["2 9 replaced left 3"]),
        ])
    }

    @Test func aTopOrderIsServedFirst() {
        Rules.expect(
            [
                ("1 buy 10@99", ["1 1 accepted left 10"]),
                ("2 buy 10@100", ["2 2 accepted left 10"]),
                ("3 buy 20@100", ["3 3 accepted left 20"]),
                (
                    "4 sell 12@100",
                    [
                        "4 4 accepted left 12", "4 4 partiallyFilled 10@100 left 2", "2 2 filled 10@100",
                        "4 4 filled 2@100", "3 3 partiallyFilled 2@100 left 18",
                    ]
                ),
                ("3 buy 5@101", ["3 5 accepted left 5"]),
                ("4 sell 5@101", ["4 6 accepted left 5", "4 6 filled 5@101", "3 5 filled 5@101"]),
                ("4 sell 9@100", ["4 7 accepted left 9", "4 7 filled 9@100", "3 3 partiallyFilled 9@100 left 9"]),
            ], shared)
    }

    @Test func anInterruptionByVolatilityEndsInAnAuction() {
        Rules.expect(
            [
                ("1 sell 5@103", ["1 1 accepted left 5"]),
                ("1 sell 5@106", ["1 2 accepted left 5"]),
                ("1 sell 5@110", ["1 3 accepted left 5"]),
                (
                    "2 buy 12@108",
                    [
                        "2 4 accepted left 12", "2 4 partiallyFilled 5@103 left 7", "1 1 filled 5@103",
                        "phaseChanged volatilityInterruption volatility",
                    ]
                ),
                ("3 buy 5@market", ["3 5 accepted left 5"]),
                ("3 buy 2@107 ioc", ["3 6 rejected notInThisPhase"]),
                ("indicate", ["indicative 5@110 surplus -5"]),
                ("clock 99", []),
                (
                    "clock 100",
                    ["3 5 filled 5@110", "1 2 filled 5@110", "phaseChanged continuous 5@110 interruptionOver"]
                ),
            ], volatile)
    }

    @Test func aVolatilityInterruptionCancelsTheRestOfAMarketOrder() {
        Rules.expect(
            [
                ("1 sell 5@106", ["1 1 accepted left 5"]),
                (
                    "2 buy 5@market",
                    [
                        "2 2 accepted left 5", "2 2 cancelled marketOrderRemainder",
                        "phaseChanged volatilityInterruption volatility",
                    ]
                ),
                ("2 cancel 9", ["2 3 cancelRejected unknownOrder"]),
                ("phase continuous", ["phaseChanged continuous"]),
            ], volatile)
    }
}
