import Orders
import TestSupport
import Testing

/// What each type of order and each condition does; the first after Xetra's example of a sequence of icebergs.
@Suite struct OrderTypeTests {
    @Test func peaksReturnInTheOrderInWhichTheyWereUsedUp() {
        Rules.expect([
            ("1 buy 6000@202", ["1 1 accepted left 6000"]),
            ("1 buy 2000@201", ["1 2 accepted left 2000"]),
            (
                "2 sell 50000@201 shows:10000",
                [
                    "2 3 accepted left 50000", "2 3 partiallyFilled 6000@202 left 44000", "1 1 filled 6000@202",
                    "2 3 partiallyFilled 2000@201 left 42000", "1 2 filled 2000@201",
                ]
            ),
            (
                "3 buy 5000@market",
                [
                    "3 4 accepted left 5000", "3 4 filled 5000@201", "2 3 partiallyFilled 5000@201 left 37000",
                ]
            ),
            ("4 sell 30000@201 shows:5000", ["4 5 accepted left 30000"]),
            (
                "3 buy 14000@market",
                [
                    "3 6 accepted left 14000", "3 6 partiallyFilled 5000@201 left 9000",
                    "2 3 partiallyFilled 5000@201 left 32000", "3 6 partiallyFilled 5000@201 left 4000",
                    "4 5 partiallyFilled 5000@201 left 25000", "3 6 filled 4000@201",
                    "2 3 partiallyFilled 4000@201 left 28000",
                ]
            ),
            ("5 sell 2000@201", ["5 7 accepted left 2000"]),
            (
                "3 buy 23000@market",
                [
                    "3 8 accepted left 23000", "3 8 partiallyFilled 6000@201 left 17000",
                    "2 3 partiallyFilled 6000@201 left 22000", "3 8 partiallyFilled 5000@201 left 12000",
                    "4 5 partiallyFilled 5000@201 left 20000", "3 8 partiallyFilled 2000@201 left 10000",
                    "5 7 filled 2000@201", "3 8 filled 10000@201", "2 3 partiallyFilled 10000@201 left 12000",
                ]
            ),
        ])
    }

    @Test func shownBeforeHiddenBeforeWorse() {
        Rules.expect([
            ("1 buy 6000@200 hidden", ["1 1 accepted left 6000"]),
            ("2 buy 4000@200", ["2 2 accepted left 4000"]),
            ("3 sell 4000@market", ["3 3 accepted left 4000", "3 3 filled 4000@200", "2 2 filled 4000@200"]),
            ("1 buy 1000@199", ["1 4 accepted left 1000"]),
            ("3 sell 6000@market", ["3 5 accepted left 6000", "3 5 filled 6000@200", "1 1 filled 6000@200"]),
        ])
    }

    @Test func postOnlyRefusesOrSlides() {
        Rules.expect([
            ("1 sell 5@101 hidden", ["1 1 accepted left 5"]),
            ("2 buy 5@101 post", ["2 2 rejected wouldTakeLiquidity"]),
            ("2 buy 5@102 slide", ["2 3 accepted left 5"]),
            ("1 sell 5@100 slide", ["1 4 accepted left 5"]),
            ("2 replace 3 5@101", ["2 5 replaced left 5"]),
        ])
    }

    @Test func allOrNoneWaitsForAllOfIt() {
        Rules.expect([
            ("1 buy 10@100 aon", ["1 1 accepted left 10"]),
            ("2 sell 6@100", ["2 2 accepted left 6"]),
            (
                "3 sell 4@100",
                [
                    "3 3 accepted left 4", "1 1 partiallyFilled 6@100 left 4", "2 2 filled 6@100", "1 1 filled 4@100",
                    "3 3 filled 4@100",
                ]
            ),
            ("1 sell 10@99 aon", ["1 4 accepted left 10"]),
            ("2 buy 9@99", ["2 5 accepted left 9"]),
            ("2 buy 10@99", ["2 6 accepted left 10", "2 6 filled 10@99", "1 4 filled 10@99"]),
        ])
    }

    @Test func minimumQuantityOrNothing() {
        Rules.expect([
            ("1 sell 5@100", ["1 1 accepted left 5"]),
            ("2 buy 10@100 minimum:6", ["2 2 rejected minimumQuantityNotMet"]),
            (
                "2 buy 10@100 minimum:5",
                [
                    "2 3 accepted left 10", "2 3 partiallyFilled 5@100 left 5", "1 1 filled 5@100",
                ]
            ),
        ])
    }

    @Test func marketToLimitTakesTheBestPriceOnly() {
        Rules.expect([
            ("1 buy 10@15 hidden", ["1 1 accepted left 10"]),
            ("1 buy 10@12", ["1 2 accepted left 10"]),
            ("2 sell 25@mtl", ["2 3 accepted left 25", "2 3 partiallyFilled 10@15 left 15", "1 1 filled 10@15"]),
            ("3 buy 5@market", ["3 4 accepted left 5", "3 4 filled 5@15", "2 3 partiallyFilled 5@15 left 10"]),
            ("2 cancel 3", ["2 5 cancelled"]),
            ("3 buy 1@mtl fok", ["3 6 rejected noLiquidity"]),
        ])
    }

    @Test func whatAMarketOrderCannotTradeIsCancelled() {
        Rules.expect([
            ("1 buy 1@90", ["1 1 accepted left 1"]),
            (
                "2 sell 3@market",
                [
                    "2 2 accepted left 3", "2 2 partiallyFilled 1@90 left 2", "1 1 filled 1@90",
                    "2 2 cancelled marketOrderRemainder",
                ]
            ),
            ("2 sell 3@market ioc", ["2 3 accepted left 3", "2 3 cancelled immediateOrCancelRemainder"]),
        ])
    }

    @Test func pegsFollowTheShownPrices() {
        Rules.expect([
            ("1 buy 200@105", ["1 1 accepted left 200"]),
            ("2 buy 150@primary", ["2 2 accepted left 150"]),
            ("3 buy 70@primary limit:104", ["3 3 accepted left 70"]),
            ("1 sell 130@109", ["1 4 accepted left 130"]),
            (
                "4 sell 20@104 ioc",
                [
                    "4 5 accepted left 20", "4 5 filled 20@105", "1 1 partiallyFilled 20@105 left 180",
                ]
            ),
            (
                "4 sell 201@104",
                [
                    "4 6 accepted left 201", "4 6 partiallyFilled 180@105 left 21", "1 1 filled 180@105",
                ]
            ),
            ("1 buy 10@107", ["1 7 accepted left 10", "1 7 filled 10@104", "4 6 partiallyFilled 10@104 left 11"]),
            ("2 sell 5@mid", ["2 8 accepted left 5"]),
            ("2 sell 5@peg", ["2 9 accepted left 5"]),
        ])
    }

    @Test func stopsAreTriggeredInOrderOfTheirTriggers() {
        Rules.expect([
            ("1 sell 5@stop:98 gtc", ["1 1 accepted left 5"]),
            ("2 sell 5@97:stop:99", ["2 2 accepted left 5"]),
            ("3 buy 2@99", ["3 3 accepted left 2"]),
            ("3 buy 2@97", ["3 4 accepted left 2"]),
            (
                "4 sell 1@99",
                [
                    "4 5 accepted left 1", "4 5 filled 1@99", "3 3 partiallyFilled 1@99 left 1",
                    "2 2 triggered left 5", "2 2 partiallyFilled 1@99 left 4", "3 3 filled 1@99",
                    "2 2 partiallyFilled 2@97 left 2", "3 4 filled 2@97", "1 1 triggered left 5",
                    "1 1 cancelled marketOrderRemainder",
                ]
            ),
            ("4 buy 3@97", ["4 6 accepted left 3", "4 6 partiallyFilled 2@97 left 1", "2 2 filled 2@97"]),
        ])
    }

    @Test func trailingStopsFollowAndTrigger() {
        Rules.expect([
            ("1 buy 1@100", ["1 1 accepted left 1"]),
            ("2 sell 1@100", ["2 2 accepted left 1", "2 2 filled 1@100", "1 1 filled 1@100"]),
            ("1 sell 4@trail:5", ["1 3 accepted left 4"]),
            ("1 buy 1@103", ["1 4 accepted left 1"]),
            ("2 sell 1@103", ["2 5 accepted left 1", "2 5 filled 1@103", "1 4 filled 1@103"]),
            ("1 buy 1@101", ["1 6 accepted left 1"]),
            ("2 sell 1@101", ["2 7 accepted left 1", "2 7 filled 1@101", "1 6 filled 1@101"]),
            ("1 buy 1@98", ["1 8 accepted left 1"]),
            ("1 buy 9@97", ["1 9 accepted left 9"]),
            (
                "2 sell 1@98",
                [
                    "2 10 accepted left 1", "2 10 filled 1@98", "1 8 filled 1@98", "1 3 triggered left 4",
                    "1 3 filled 4@97", "1 9 partiallyFilled 4@97 left 5",
                ]
            ),
        ])
    }
}
