import Orders

/// An exchange as the comparison sees it.
public struct Contestant {
    /// What a command causes.
    public var apply: (Command) -> [ExecutionReport]
    /// What can be asked for afterwards: the same words of both when they agree.
    public var state: () -> String

    public init(apply: @escaping (Command) -> [ExecutionReport], state: @escaping () -> String = { "" }) {
        self.apply = apply
        self.state = state
    }

    /// Words of what an exchange tells about itself.
    public static func stateWords(
        live: Int, bidsAndAsks: [(bid: Int64?, ask: Int64?)], deadline: UInt64?
    ) -> String {
        let prices = bidsAndAsks.map { "\($0.bid.map { "\($0)" } ?? "–")/\($0.ask.map { "\($0)" } ?? "–")" }
        return "\(live) live, \(prices.joined(separator: " ")), deadline \(deadline.map { "\($0)" } ?? "–")"
    }

    /// The naive exchange with what a profile's commands name.
    public static func naive(_ profile: FlowProfile, withState: Bool = true) -> Contestant {
        naive(profile.instruments, maximumOrders: FlowProfile.maximumOrders, withState: withState)
    }

    /// The naive exchange with other instruments 1 and 2.
    public static func naive(
        _ instruments: [InstrumentSpecification], maximumOrders: Int, withState: Bool = true
    ) -> Contestant {
        var exchange = NaiveExchange(
            instruments: instruments, maximumInstruments: FlowProfile.maximumInstruments,
            maximumOrders: maximumOrders, firms: FlowProfile.firms)
        return Contestant(
            apply: { exchange.apply($0) },
            state: {
                guard withState else { return "" }
                return stateWords(
                    live: exchange.liveOrderCount,
                    bidsAndAsks: [1, 2].map { (exchange.bestBid(instrument: $0), exchange.bestAsk(instrument: $0)) },
                    deadline: exchange.nextDeadlineNanoseconds)
            })
    }
}

/// Runs the same commands through an engine and its judge, and makes the shortest script it can of a difference.
public struct TwinRun {
    public let engine: () -> Contestant
    public let judge: () -> Contestant
    /// Commands between two comparisons of the state; 1 in a script that is being shortened.
    public var stateInterval = 16
    /// How many reports of each kind and reason the judge made.
    public private(set) var kinds: [ReportKind: Int] = [:]
    public private(set) var reasons: [RejectReason: Int] = [:]

    public init(engine: @escaping () -> Contestant, judge: @escaping () -> Contestant) {
        self.engine = engine
        self.judge = judge
    }

    /// The first place where the two differ.
    struct Difference {
        var place: Int
        var expected: [String]
        var got: [String]
        /// What kind of difference it is; a shorter script must have the same.
        var signature: String
    }

    /// Nil when both agree; else the seed, the shortest script found and both lists of reports.
    public mutating func run(seed: UInt64, profile: FlowProfile, count: Int) -> String? {
        var flow = CommandFlow(seed: seed, profile: profile)
        return run(AnyIterator { flow.next() }.prefix(count), named: "seed \(seed), \(profile)")
    }

    /// The same with commands from elsewhere.
    public mutating func run(_ given: some Sequence<Command>, named name: String) -> String? {
        let (engine, judge) = (engine(), judge())
        var commands: [Command] = []
        commands.reserveCapacity(given.underestimatedCount)
        for command in given {
            let comparesState = commands.count % stateInterval == 0
            commands.append(command)
            let (expected, got) = (judge.apply(command), engine.apply(command))
            for report in expected {
                kinds[report.kind, default: 0] += 1
                reasons[report.reason, default: 0] += 1
            }
            let states = comparesState ? (judge.state(), engine.state()) : ("", "")
            if expected == got, states.0 == states.1 { continue }
            return told(commands, name)
        }
        return nil
    }

    private func told(_ commands: [Command], _ name: String) -> String {
        guard let (script, difference) = shortest(commands) else {
            return "\(name), command \(commands.count): a difference that does not come again"
        }
        var lines = ["\(name), first seen at command \(commands.count): \(difference.signature)"]
        lines += script.map { "  \($0.words)" }
        let firstDifferent = zip(difference.expected, difference.got).prefix { $0 == $1 }.count
        for (title, list) in [("expected", difference.expected), ("got", difference.got)] {
            lines.append("\(title):")
            lines += list.enumerated().map { "\($0.offset == firstDifferent ? "≠" : " ") \($0.element)" }
            if list.count == firstDifferent { lines.append("≠ nothing more") }
        }
        return lines.joined(separator: "\n")
    }
}
