import Orders
import TestSupport
import Testing

/// What happens to orders in and around auctions, a script each.
@Suite struct AuctionTests {
    @Test func priceThenTimeAtTheAuctionPrice() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 buy 300@200", ["1 2 accepted left 300"]),
            ("2 buy 300@200", ["2 3 accepted left 300"]),
            ("3 sell 400@200", ["3 4 accepted left 400"]),
            ("indicate", ["indicative 400@200 surplus 200"]),
            (
                "phase continuous",
                [
                    "1 2 filled 300@200", "3 4 partiallyFilled 300@200 left 100",
                    "2 3 partiallyFilled 100@200 left 200", "3 4 filled 100@200", "phaseChanged continuous 400@200",
                ]
            ),
            ("4 sell 200@200", ["4 7 accepted left 200", "4 7 filled 200@200", "2 3 filled 200@200"]),
        ])
    }

    @Test func ordersOfTheOpeningEndWithIt() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 buy 5@100 atOpen", ["1 2 accepted left 5"]),
            ("1 buy 5@99 atOpen", ["1 3 accepted left 5"]),
            ("2 sell 3@100 atOpen", ["2 4 accepted left 3"]),
            ("2 buy 7@market atOpen", ["2 5 accepted left 7"]),
            ("2 buy 1@98", ["2 6 accepted left 1"]),
            ("3 sell 9@101 ioc", ["3 7 rejected notInThisPhase"]),
            ("phase openingAuction", ["phaseChanged openingAuction"]),
            (
                "phase continuous",
                [
                    "2 5 partiallyFilled 3@100 left 4", "2 4 filled 3@100", "phaseChanged continuous 3@100",
                    "2 5 cancelled marketOrderRemainder", "1 2 cancelled expired", "1 3 cancelled expired",
                ]
            ),
            ("3 buy 1@97 atOpen", ["3 10 rejected notInThisPhase"]),
        ])
    }

    @Test func marketToLimitOrdersTakeTheAuctionPrice() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 buy 50@mtl", ["1 2 accepted left 50"]),
            ("1 buy 10@market", ["1 3 accepted left 10"]),
            ("2 sell 40@mtl", ["2 4 accepted left 40"]),
            (
                "phase continuous",
                [
                    "1 2 partiallyFilled 40@100 left 10", "2 4 filled 40@100", "phaseChanged continuous 40@100",
                    "1 2 restated @100 left 10", "1 3 cancelled marketOrderRemainder",
                ]
            ),
        ])
    }

    @Test func withoutAnAuctionPriceTheyAreCancelled() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 buy 50@mtl", ["1 2 accepted left 50"]),
            ("1 buy 10@market", ["1 3 accepted left 10"]),
            (
                "phase continuous",
                [
                    "phaseChanged continuous", "1 2 cancelled marketOrderRemainder",
                    "1 3 cancelled marketOrderRemainder",
                ]
            ),
        ])
    }

    @Test func ordersOfTheCloseWaitForIt() {
        Rules.expect([
            ("1 buy 5@100 atClose", ["1 1 accepted left 5"]),
            ("1 sell 5@market atClose", ["1 2 accepted left 5"]),
            ("2 buy 5@101", ["2 3 accepted left 5"]),
            ("2 buy 5@99 gtc", ["2 4 accepted left 5"]),
            ("phase closingAuction", ["phaseChanged closingAuction"]),
            ("1 buy 2@101 atClose", ["1 6 accepted left 2"]),
            ("indicate", ["indicative 5@101 surplus 2"]),
            (
                "phase endOfDay",
                [
                    "2 3 filled 5@101", "1 2 filled 5@101", "phaseChanged endOfDay 5@101", "1 6 cancelled expired",
                    "1 1 cancelled expired",
                ]
            ),
            ("2 cancel 4", ["2 9 cancelled"]),
        ])
    }

    @Test func icebergsTakePartWithAllOfThem() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 sell 30@100 shows:5", ["1 2 accepted left 30"]),
            ("2 sell 5@100", ["2 3 accepted left 5"]),
            ("3 buy 12@100", ["3 4 accepted left 12"]),
            (
                "phase continuous",
                [
                    "3 4 filled 12@100", "1 2 partiallyFilled 12@100 left 18", "phaseChanged continuous 12@100",
                ]
            ),
            (
                "3 buy 12@100",
                [
                    "3 6 accepted left 12", "3 6 partiallyFilled 5@100 left 7", "1 2 partiallyFilled 5@100 left 13",
                    "3 6 partiallyFilled 5@100 left 2", "2 3 filled 5@100", "3 6 filled 2@100",
                    "1 2 partiallyFilled 2@100 left 11",
                ]
            ),
        ])
    }

    @Test func hiddenAfterShownAtTheSamePrice() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 sell 5@100 hidden", ["1 2 accepted left 5"]),
            ("2 sell 5@100", ["2 3 accepted left 5"]),
            ("3 buy 6@100", ["3 4 accepted left 6"]),
            (
                "phase continuous",
                [
                    "3 4 partiallyFilled 5@100 left 1", "2 3 filled 5@100", "3 4 filled 1@100",
                    "1 2 partiallyFilled 1@100 left 4", "phaseChanged continuous 6@100",
                ]
            ),
        ])
    }

    @Test func pegsAndAllOrNoneTakeNoPart() {
        Rules.expect([
            ("phase preOpen", ["phaseChanged preOpen"]),
            ("1 sell 5@100 aon", ["1 2 accepted left 5"]),
            ("2 buy 5@primary", ["2 3 accepted left 5"]),
            ("3 buy 5@101", ["3 4 accepted left 5"]),
            ("4 sell 6@stop:101", ["4 5 accepted left 6"]),
            (
                "phase continuous",
                [
                    "phaseChanged continuous", "2 3 filled 5@100", "1 2 filled 5@100", "4 5 triggered left 6",
                    "4 5 partiallyFilled 5@101 left 1", "3 4 filled 5@101", "4 5 cancelled marketOrderRemainder",
                ]
            ),
        ])
    }

    @Test func aTriggeredStopWaitsForContinuousTrading() {
        Rules.expect([
            ("1 buy 1@100", ["1 1 accepted left 1"]),
            ("2 sell 1@stop:100", ["2 2 accepted left 1"]),
            (
                "2 sell 1@100",
                [
                    "2 3 accepted left 1", "2 3 filled 1@100", "1 1 filled 1@100", "2 2 triggered left 1",
                    "2 2 cancelled marketOrderRemainder",
                ]
            ),
            ("phase closingAuction", ["phaseChanged closingAuction"]),
            ("1 buy 5@101", ["1 5 accepted left 5"]),
            ("1 sell 2@stop:101", ["1 6 accepted left 2"]),
            ("2 sell 1@101", ["2 7 accepted left 1"]),
            ("phase closed", ["1 5 partiallyFilled 1@101 left 4", "2 7 filled 1@101", "phaseChanged closed 1@101"]),
            (
                "phase continuous",
                [
                    "phaseChanged continuous", "1 6 triggered left 2", "1 6 filled 2@101",
                    "1 5 partiallyFilled 2@101 left 2",
                ]
            ),
        ])
    }

    @Test func nothingIsTakenWhileHalted() {
        Rules.expect([
            ("1 buy 5@100", ["1 1 accepted left 5"]),
            ("phase halt", ["phaseChanged halt"]),
            ("1 buy 5@99", ["1 3 rejected notInThisPhase"]),
            ("1 replace 1 4@100", ["1 4 cancelRejected notInThisPhase"]),
            ("1 cancel 1", ["1 5 cancelled"]),
            ("phase continuous", ["phaseChanged continuous"]),
        ])
    }
}
