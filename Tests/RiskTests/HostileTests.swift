import Orders
import Risk
import Runtime
import Testing

/// Whoever means harm gets a reason, and nothing changes.
@Suite struct HostileTests {
    private func gate(positions: Int? = nil) -> HeldGate {
        let instruments = (1...20).map { id in
            (
                InstrumentSpecification(
                    id: UInt32(id), symbol: "\(id)", minimumPrice: -InstrumentSpecification.priceBound,
                    maximumPrice: InstrumentSpecification.priceBound, referencePrice: 100, maximumOrders: 64),
                RiskLimits(maximumQuantity: .max, maximumNotional: .max, collarTicks: .max)
            )
        }
        return HeldGate(
            RiskGate(
                instruments: instruments, members: [RiskMembership(session: 1, account: 1)],
                maximumPositions: positions))
    }

    private func set(
        _ parameter: UInt8, _ scope: UInt64, _ value: Int64, instrument: UInt32 = 0, quantity: UInt32 = 0
    ) -> Command {
        Command(
            kind: .setRisk, clientOrderID: scope, price: value, quantity: quantity, instrument: instrument,
            flags: parameter)
    }

    @Test func limitsThatCannotBe() {
        let gate = gate()
        let before = gate.hash
        let account = RiskScope(.account, 1).rawValue
        let refused: [(Command, RejectReason)] = [
            (set(0, account, 1), .invalidParameter), (set(200, account, 1), .invalidParameter),
            (set(RiskParameter.credit.rawValue, RiskScope(.account, 2).rawValue, 1), .unknownScope),
            (set(RiskParameter.credit.rawValue, RiskScope(.account, 1 << 31).rawValue, 1), .unknownScope),
            (set(RiskParameter.credit.rawValue, .max, 1), .unknownScope),
            (set(RiskParameter.credit.rawValue, account, -1), .invalidParameter),
            (set(RiskParameter.credit.rawValue, account, 1 << 60 + 1), .invalidParameter),
            (set(RiskParameter.credit.rawValue, account, .min), .invalidParameter),
            (set(RiskParameter.credit.rawValue, RiskScope(.user, 1).rawValue, 1), .invalidParameter),
            (set(RiskParameter.maximumPosition.rawValue, account, 1, instrument: 99), .unknownInstrument),
            (set(RiskParameter.collarTicks.rawValue, account, 1, instrument: 1), .invalidParameter),
            (set(RiskParameter.markPrice.rawValue, 0, .max, instrument: 1), .invalidParameter),
            (set(RiskParameter.markPrice.rawValue, 0, 5), .invalidParameter),
            (set(RiskParameter.marginPerLot.rawValue, 0, .max, instrument: 1), .invalidParameter),
            (set(RiskParameter.orderRate.rawValue, account, .max), .invalidParameter),
            (set(RiskParameter.killed.rawValue, account, 2), .invalidParameter),
            (set(RiskParameter.restricted.rawValue, account, 2, instrument: 1), .invalidParameter),
            (set(RiskParameter.selfTrade.rawValue, account, 77), .invalidParameter),
            (set(RiskParameter.newDay.rawValue, account, 0), .invalidParameter),
            (set(RiskParameter.duplicateNanoseconds.rawValue, account, .max), .invalidParameter),
        ]
        for (command, reason) in refused {
            #expect(gate.set(command) == reason, "\(command)")
            #expect(gate.hash == before)
        }
    }

    @Test func thePositionTableEnds() {
        let gate = gate(positions: 8)
        var taken = 0
        for instrument in 1...20 as ClosedRange<UInt32> {
            let order = Command(
                kind: .newOrder, price: 1, quantity: 1, session: 1, instrument: instrument, side: .buy,
                timeInForce: .day)
            let reason = gate.check(order)
            if reason == .none {
                taken += 1
                gate.observe(
                    ExecutionReport(
                        kind: .accepted, leavesQuantity: 1, session: 1, instrument: instrument, side: .buy))
            } else {
                #expect(reason == .riskTableFull)
            }
        }
        #expect(taken == 4, "an account and the venue each")
    }

    @Test func moneyBeyondCountingIsRefused() {
        let gate = gate()
        func order(_ price: Int64, _ quantity: UInt32) -> Command {
            Command(
                kind: .newOrder, price: price, quantity: quantity, session: 1, instrument: 1, side: .buy,
                timeInForce: .day)
        }
        #expect(gate.check(order(1 << 60, 1)) == .none)
        #expect(gate.check(order(1 << 60 + 1, 1)) == .riskOverflow)
        #expect(gate.check(order(1 << 40, 1 << 21)) == .riskOverflow)
        #expect(gate.check(order(.max, .max)) == .notionalAboveMaximum)
    }

    /// Trades that nobody could have had, one after the other: profit is not told any more, and only what makes positions smaller
    /// goes on.
    @Test func profitBeyondCountingStopsTheAccount() {
        let gate = gate()
        for number in 1...40 as ClosedRange<UInt64> {
            let report = ExecutionReport(
                kind: .filled, executionID: number, price: 1 << 58, lastQuantity: 1, session: 1, instrument: 1,
                side: .buy)
            gate.observe(
                ExecutionReport(kind: .accepted, leavesQuantity: 1, session: 1, instrument: 1, side: .buy))
            gate.observe(report)
        }
        #expect(gate.standing(RiskScope(.account, 1), instrument: 1)?.position == 40, "lots are right all the same")
        func order(_ side: Side, _ quantity: UInt32) -> Command {
            Command(
                kind: .newOrder, price: 1, quantity: quantity, session: 1, instrument: 1, side: side,
                timeInForce: .day)
        }
        #expect(gate.check(order(.buy, 1)) == .riskOverflow)
        #expect(gate.check(order(.sell, 40)) == .none)
        #expect(gate.check(order(.sell, 41)) == .riskOverflow)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func randomCommandsAndReportsNeverTrap(seed: UInt64) {
        let gate = gate(positions: 40)
        var random = SplitMix64(seed: seed)
        func value() -> Int64 {
            switch random.next() % 4 {
            case 0: Int64(bitPattern: random.next())
            case 1: [.max, .min, 0, -1, 1 << 60, 1 << 62][Int(random.next() % 6)]
            default: Int64(random.next() % 200)
            }
        }
        for _ in 0..<100_000 {
            var command = Command(
                kind: CommandKind.allCases[Int(random.next() % 15)],
                timestampNanoseconds: random.next() >> 8, clientOrderID: random.next() % 4 << 32 | random.next() % 3,
                originalClientOrderID: random.next(), price: value(), quantity: UInt32(truncatingIfNeeded: value()),
                session: UInt32(random.next() % 4), instrument: UInt32(random.next() % 22),
                side: Side.allCases[Int(random.next() % 3)], timeInForce: .day, flags: UInt8(random.next() % 32))
            if random.next() % 3 == 0 {
                command.kind = .setRisk
                _ = gate.set(command)
            } else if gate.check(command) == .none, command.kind == .newOrder, position(command) {
                gate.observe(
                    ExecutionReport(
                        kind: .accepted, leavesQuantity: command.quantity, session: command.session,
                        instrument: command.instrument, side: command.side))
                gate.observe(
                    ExecutionReport(
                        kind: .filled, executionID: 1, price: value(), lastQuantity: command.quantity,
                        session: command.session, instrument: command.instrument, side: command.side))
            }
        }
    }

    private func position(_ command: Command) -> Bool { (1...20).contains(command.instrument) && command.side != .none }
}
