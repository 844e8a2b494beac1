import Matching
import Orders
import TestSupport
import Testing

/// The rules of price-time priority, one script each.
@Suite struct RuleTests {
    private func expect(_ lines: [(String, [String])], maximumOrders: Int = 100) {
        var instrument = ScriptedExchange.instrument()
        instrument.maximumOrders = maximumOrders
        instrument.maximumPrice = 1_000
        Rules.expect(lines, instrument)
    }

    @Test func theOlderOrderTradesFirstAtItsPrice() {
        expect([
            ("1 sell 5@101", ["1 1 accepted left 5"]),
            ("2 sell 5@100", ["2 2 accepted left 5"]),
            ("3 sell 5@100", ["3 3 accepted left 5"]),
            (
                "4 buy 12@101",
                [
                    "4 4 accepted left 12", "4 4 partiallyFilled 5@100 left 7", "2 2 filled 5@100",
                    "4 4 partiallyFilled 5@100 left 2", "3 3 filled 5@100", "4 4 filled 2@101",
                    "1 1 partiallyFilled 2@101 left 3",
                ]
            ),
        ])
    }

    @Test func aRemainderRestsAndTheNextOneMeetsIt() {
        expect([
            ("1 buy 5@100", ["1 1 accepted left 5"]),
            ("2 sell 8@100", ["2 2 accepted left 8", "2 2 partiallyFilled 5@100 left 3", "1 1 filled 5@100"]),
            ("1 buy 3@105", ["1 3 accepted left 3", "1 3 filled 3@100", "2 2 filled 3@100"]),
        ])
    }

    @Test func immediateOrCancelNeverRests() {
        expect([
            ("1 sell 5@100", ["1 1 accepted left 5"]),
            (
                "2 buy 8@100 ioc",
                [
                    "2 2 accepted left 8", "2 2 partiallyFilled 5@100 left 3", "1 1 filled 5@100",
                    "2 2 cancelled immediateOrCancelRemainder",
                ]
            ),
            ("1 sell 1@100", ["1 3 accepted left 1"]),
        ])
    }

    @Test func fillOrKillTradesWhollyOrNotAtAll() {
        expect([
            ("1 sell 5@100", ["1 1 accepted left 5"]),
            ("1 sell 5@102", ["1 2 accepted left 5"]),
            ("2 buy 8@101 fok", ["2 3 rejected notFillable"]),
            (
                "2 buy 8@102 fok",
                [
                    "2 4 accepted left 8", "2 4 partiallyFilled 5@100 left 3", "1 1 filled 5@100", "2 4 filled 3@102",
                    "1 2 partiallyFilled 3@102 left 2",
                ]
            ),
        ])
    }

    @Test func lessAtTheSamePriceKeepsThePlaceMoreLosesIt() {
        expect([
            ("1 buy 5@100", ["1 1 accepted left 5"]),
            ("2 buy 5@100", ["2 2 accepted left 5"]),
            ("1 replace 1 3@100", ["1 3 replaced left 3"]),
            ("3 sell 3@100", ["3 4 accepted left 3", "3 4 filled 3@100", "1 3 filled 3@100"]),
            ("1 buy 5@100", ["1 5 accepted left 5"]),
            ("2 replace 2 6@100", ["2 6 replaced left 6"]),
            ("3 sell 5@100", ["3 7 accepted left 5", "3 7 filled 5@100", "1 5 filled 5@100"]),
        ])
    }

    @Test func aReplaceThatCrossesTrades() {
        expect([
            ("1 sell 5@105", ["1 1 accepted left 5"]),
            ("2 buy 8@100", ["2 2 accepted left 8"]),
            ("2 replace 2 8@105", ["2 3 replaced left 8", "2 3 partiallyFilled 5@105 left 3", "1 1 filled 5@105"]),
            ("2 replace 3 5@104", ["2 4 cancelRejected invalidQuantity"]),
            ("2 cancel 3", ["2 5 cancelled"]),
        ])
    }

    @Test func onlyTheOwnerReachesAnOrder() {
        expect([
            ("1 buy 5@100", ["1 1 accepted left 5"]),
            ("2 cancel 1", ["2 2 cancelRejected unknownOrder"]),
            ("2 replace 1 5@100", ["2 3 cancelRejected unknownOrder"]),
            ("1 cancel 1", ["1 4 cancelled"]),
            ("1 cancel 1", ["1 5 cancelRejected unknownOrder"]),
        ])
    }

    @Test func aSessionThatLeavesTakesItsOrdersWithIt() {
        expect([
            ("1 buy 5@100", ["1 1 accepted left 5"]),
            ("2 buy 5@100", ["2 2 accepted left 5"]),
            ("1 sell 5@110", ["1 3 accepted left 5"]),
            ("1 leaves", ["1 3 cancelled cancelOnDisconnect", "1 1 cancelled cancelOnDisconnect"]),
            ("3 sell 9@100", ["3 5 accepted left 9", "3 5 partiallyFilled 5@100 left 4", "2 2 filled 5@100"]),
        ])
    }

    @Test func aFullBookRefusesWhatWouldRestAndTakesTheRest() {
        expect(
            [
                ("1 buy 5@100", ["1 1 accepted left 5"]),
                ("1 buy 5@99", ["1 2 accepted left 5"]),
                ("1 buy 5@98", ["1 3 rejected bookFull"]),
                (
                    "2 sell 5@99 ioc",
                    ["2 4 accepted left 5", "2 4 filled 5@100", "1 1 filled 5@100"]
                ),
                ("1 buy 5@98", ["1 5 accepted left 5"]),
            ], maximumOrders: 2)
    }

    @Test func theBookEndsWhereItWasSaidTo() {
        expect([
            ("1 buy 5@1", ["1 1 accepted left 5"]), ("1 buy 5@0", ["1 2 rejected priceOutsideBook"]),
            ("1 sell 5@1000", ["1 3 accepted left 5"]), ("1 sell 5@1001", ["1 4 rejected priceOutsideBook"]),
        ])
    }

    /// Instrument 0 is none, even before any other has been named.
    @Test func anInstrumentThatIsNotListedHasNoBook() {
        for kind in [CommandKind.newOrder, .cancel, .replace, .quote] {
            for instrument: UInt32 in [0, 2, .max] {
                let command = Command(
                    kind: kind, sequence: 1, timestampNanoseconds: 1_000, clientSequence: 1, clientOrderID: 1,
                    originalClientOrderID: kind == .newOrder ? 0 : 1, price: 100, quantity: 5, session: 1,
                    instrument: instrument, side: .buy)
                let exchanges = [
                    ScriptedExchange.naive(ScriptedExchange.instrument()),
                    Contestant.engine([ScriptedExchange.instrument()], maximumInstruments: 2, maximumOrders: 100),
                ]
                for exchange in exchanges {
                    let reports = exchange.apply(command)
                    #expect(reports.count == 1)
                    #expect(reports.first?.kind == command.rejection(reason: .unknownInstrument).kind)
                    if kind == .newOrder { #expect(reports.first?.reason == .unknownInstrument) }
                }
                #expect(exchanges[0].apply(command) == exchanges[1].apply(command))
            }
        }
    }

    /// Whatever its other fields say, and whichever book was looked up last.
    @Test(arguments: [1, 10] as [UInt32]) func whatIsNoCommandDoesNothing(lot: UInt32) {
        var instrument = ScriptedExchange.instrument()
        instrument.lotSize = lot
        var engine = MatchingEngine(instruments: [instrument])
        var sink = ReportSink(capacity: 64)
        defer { sink.deallocate() }
        var command = Command(
            kind: .newOrder, sequence: 1, clientOrderID: 1, price: 100, quantity: 10, session: 1,
            instrument: instrument.id, side: .buy, timeInForce: .day)
        engine.apply(command, into: &sink)
        #expect(sink.count == 1 && engine.liveOrderCount == 1)
        for kind in [CommandKind.none, .timer, .checkpoint, .setRisk, .rule] {
            for named in [0, instrument.id] {
                for side in Side.allCases {
                    for time in TimeInForce.allCases {
                        command.kind = kind
                        command.instrument = named
                        command.side = side
                        command.timeInForce = time
                        command.clientOrderID += 1
                        engine.apply(command, into: &sink)
                    }
                }
            }
        }
        #expect(sink.count == 1 && engine.liveOrderCount == 1)
    }
}
