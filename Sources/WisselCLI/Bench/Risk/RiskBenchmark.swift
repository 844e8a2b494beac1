import CPlatform
import Orders
import Risk
import Runtime

/// What the risk gate adds to an order: every check on, every scope limited, accounts and instruments at random.
struct RiskBenchmark {
    struct Options {
        var accounts = 10_000
        var instruments = 1_000
        var orders = 1_000_000
        /// Orders ahead of the one being checked that are brought into the cache, as from a ring.
        var lookAhead = 8
        var repetitions = 5
    }

    struct Result {
        /// Ticks of a check, of a check and what follows when the engine takes the order, less what reading the counter takes.
        var check: [TickSamples] = []
        var whole: [TickSamples] = []
        /// Ticks for each order with nothing read in between, the same work.
        var amortised: [Double] = []
        var accepted = 0
        var refused = 0
        /// Why the last was refused, if any was.
        var reasons = RejectReason.none
        var positions = 0
        var resolutionTicks: UInt64 = 0
        /// Of everything the gate knew at the end.
        var hash: UInt64 = 0
    }

    let options: Options
    private let commands: [Command]

    init(_ options: Options) {
        self.options = options
        var random = SplitMix64(seed: 0x5249_534B)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        commands = (0..<options.orders).map { number in
            Command(
                kind: .newOrder, sequence: UInt64(number + 1), timestampNanoseconds: UInt64(number) * 1_000 + 1_000,
                clientOrderID: UInt64(number + 1), price: 9_900 + Int64(pick(200)), quantity: UInt32(1 + pick(100)),
                session: UInt32(1 + pick(options.accounts)), instrument: UInt32(1 + pick(options.instruments)),
                side: pick(2) == 0 ? .buy : .sell, timeInForce: .day)
        }
    }

    /// `progress` is told what is being done.
    func run(progress: (String) -> Void) -> Result {
        var result = Result()
        let timer = OperationTimer()
        result.resolutionTicks = timer.resolutionTicks
        for round in 1...options.repetitions {
            progress("\(round)/\(options.repetitions) \(grouped(options.orders)) orders")
            var gate = makeGate()
            // Positions are made on the way: the first half of the orders is not measured.
            let half = commands.count / 2
            play(&gate, commands[..<half], &result)
            if round.isMultiple(of: 2) {
                let start = cplatform_tsc_ordered()
                play(&gate, commands[half...], &result)
                result.amortised.append(Double(cplatform_tsc_ordered() &- start) / Double(commands.count - half))
            } else {
                measure(&gate, commands[half...], timer, &result)
            }
            var hash = StateHash()
            gate.combine(into: &hash)
            result.hash = hash.value
            result.positions = gate.positionCount
        }
        return result
    }

    // MARK: The gate

    /// Wide limits on every scope: each is compared, none is met.
    private func makeGate() -> RiskGate {
        let instruments = (1...options.instruments).map { id in
            var limits = RiskLimits(maximumQuantity: 10_000, maximumNotional: 1_000_000_000, collarTicks: 2_000)
            limits.staticCollarTicks = 4_000
            limits.fatFingerLast = 100
            limits.fatFingerMid = 100
            limits.marginPerLot = 1_000
            return (
                InstrumentSpecification(
                    id: UInt32(id), symbol: "I\(id)", minimumPrice: 1, maximumPrice: 65_536, referencePrice: 10_000,
                    maximumOrders: 1_024), limits
            )
        }
        let members = (1...options.accounts).map { number in
            RiskMembership(session: UInt32(number), account: UInt32(number), firm: UInt32(1 + number % 100))
        }
        var gate = RiskGate(
            instruments: instruments, members: members,
            maximumPositions: min(options.accounts * options.instruments, 4 * options.orders) + 101
                * options.instruments)
        let scopes =
            [RiskScope.venue] + (1...100).map { RiskScope(.firm, $0) }
            + (1...UInt32(options.accounts)).flatMap { [RiskScope(.account, $0), RiskScope(.user, $0)] }
        for scope in scopes { limit(scope, &gate) }
        gate.touchMemory()
        return gate
    }

    private func limit(_ scope: RiskScope, _ gate: inout RiskGate) {
        let wide: Int64 = 1 << 50
        let settings: [(RiskParameter, Int64, UInt32)] = [
            (.maximumQuantity, 100_000, 0), (.maximumNotional, wide, 0), (.maximumPosition, wide, 0),
            (.maximumGrossPosition, wide, 0), (.credit, wide, 0), (.maximumOpenOrders, 1 << 30, 0),
            (.maximumDrawdown, wide, 0), (.maximumDayLoss, wide, 0), (.orderRate, 100_000_000, 1 << 20),
            (.messageRate, 100_000_000, 1 << 20), (.cancelRatio, 1_000, 1 << 30), (.duplicateNanoseconds, 1_000_000, 0),
        ]
        for (parameter, value, quantity) in settings {
            _ = gate.set(
                Command(
                    kind: .setRisk, clientOrderID: scope.rawValue, price: value, quantity: quantity,
                    flags: parameter.rawValue))
        }
    }

    // MARK: Orders

    private static let market = Market(bid: 9_999, ask: 10_001)

    /// The engine takes every order; nine of ten end at once, half of these by a trade.
    @inline(__always) private static func settle(_ gate: inout RiskGate, _ command: Command) {
        guard command.sequence % 10 != 0 else { return }
        let isTrade = command.sequence % 2 == 0
        gate.observe(
            ExecutionReport(
                kind: isTrade ? .filled : .cancelled, timestampNanoseconds: command.timestampNanoseconds,
                executionID: isTrade ? command.sequence : 0, price: command.price, lastQuantity: command.quantity,
                session: command.session, instrument: command.instrument, side: command.side))
    }

    @inline(__always) private static func accept(_ gate: inout RiskGate, _ command: Command) {
        gate.observe(
            ExecutionReport(
                kind: .accepted, timestampNanoseconds: command.timestampNanoseconds, price: command.price,
                leavesQuantity: command.quantity, session: command.session, instrument: command.instrument,
                side: command.side))
    }

    @inline(never) private func play(_ gate: inout RiskGate, _ commands: ArraySlice<Command>, _ result: inout Result) {
        var (accepted, refused) = (0, 0)
        commands.withUnsafeBufferPointer { commands in
            for number in commands.indices {
                look(&gate, commands, number)
                let reason = gate.check(commands[number], market: Self.market)
                if reason == .none {
                    Self.accept(&gate, commands[number])
                    Self.settle(&gate, commands[number])
                    accepted += 1
                } else {
                    refused += 1
                    result.reasons = reason
                }
            }
        }
        result.accepted += accepted
        result.refused += refused
    }

    @inline(__always) private func look(
        _ gate: inout RiskGate, _ commands: UnsafeBufferPointer<Command>, _ number: Int
    ) {
        let (far, near) = (number + options.lookAhead, number + options.lookAhead / 2)
        guard options.lookAhead > 0, far < commands.endIndex else { return }
        gate.lookAhead(commands[far], rows: false)
        gate.lookAhead(commands[near], rows: true)
    }

    @inline(never) private func measure(
        _ gate: inout RiskGate, _ commands: ArraySlice<Command>, _ timer: OperationTimer, _ result: inout Result
    ) {
        var (check, whole) = (TickSamples(), TickSamples())
        var (accepted, refused) = (0, 0)
        commands.withUnsafeBufferPointer { commands in
            for number in commands.indices {
                look(&gate, commands, number)
                let start = cplatform_tsc_ordered()
                let reason = gate.check(commands[number], market: Self.market)
                let checked = cplatform_tsc_ordered()
                if reason == .none {
                    Self.accept(&gate, commands[number])
                    let end = cplatform_tsc_ordered()
                    whole.add(Double(max(end &- start, 2 * timer.ownTicks) &- 2 * timer.ownTicks))
                    Self.settle(&gate, commands[number])
                    accepted += 1
                } else {
                    refused += 1
                }
                check.add(Double(max(checked &- start, timer.ownTicks) &- timer.ownTicks))
            }
        }
        check.sort()
        whole.sort()
        result.check.append(check)
        result.whole.append(whole)
        result.accepted += accepted
        result.refused += refused
    }
}
