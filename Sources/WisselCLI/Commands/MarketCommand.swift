import ArgumentParser
import Orders

/// `wissel market`: the venue's commands to a running node.
struct MarketCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "market",
        abstract: "Change the trading phase and the rules of an instrument, cancel orders, ask for an auction's price.",
        discussion: """
            A command is sequenced and journaled like an order, so a replay repeats it. What it did is told when the node \
            has it on the disk. Leaves with 1 when the node refuses.

            examples: wissel market phase WSL openingAuction
                      wissel market indicate WSL
                      wissel market set WSL priceBand 9000 11000
                      wissel market cancel --session 5 --side buy
            """,
        subcommands: [PhaseCommand.self, SetCommand.self, CancelCommand.self, IndicateCommand.self])

    /// Options of all of them.
    struct Common: ParsableArguments {
        @Option(help: "Process number or control socket of the node, when several run.") var node: String?
        @Flag(help: "Print the answer as JSON.") var json = false

        func ask(_ request: MarketProtocol.Request) throws {
            try failing {
                let reply = try MarketClient.ask(request, at: try ControlSocket.choose(node))
                if let refusal = reply.refusal {
                    throw CaptureFailure(description: "the node refused: \(refusal)")
                }
                print(json ? try prettyJSON(reply) : reply.text)
                if reply.reports.contains(where: \.isRefusal) { throw ExitCode.failure }
            }
        }
    }

    struct PhaseCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "phase", abstract: "Put an instrument into a trading phase.",
            discussion: "Leaving a call phase for continuous carries out its auction.")

        @Argument(help: "Symbol or number.") var instrument: String
        @Argument(help: "One of \(TradingPhase.allCases.map { "\($0)" }.joined(separator: ", ")).")
        var phase: String
        @OptionGroup var common: Common

        func validate() throws { _ = try number() }

        func run() throws {
            try common.ask(
                .init(kind: CommandKind.phase.rawValue, flags: try number(), instrument: instrument))
        }

        private func number() throws -> UInt8 {
            guard let found = TradingPhase.allCases.first(where: { "\($0)" == phase }) else {
                let known = TradingPhase.allCases.map { "\($0)" }.joined(separator: ", ")
                throw ValidationError("there is no phase \"\(phase)\"; there are \(known)")
            }
            return found.rawValue
        }
    }

    struct SetCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set a parameter of an instrument.",
            discussion: "Write -- before values that begin with a minus.\n\n"
                + InstrumentSetting.parameters.map { "\($0) \(InstrumentSetting.values(of: $0))" }
                .joined(separator: "\n"))

        @Argument(help: "Symbol or number.") var instrument: String
        @Argument(help: "One of those above.") var parameter: String
        @Argument(help: "As the parameter needs.") var values: [String]
        @Flag(help: "Of the instrument's second book.") var secondBook = false
        @OptionGroup var common: Common

        func validate() throws { _ = try setting() }

        func run() throws {
            let setting = try setting()
            try common.ask(
                .init(
                    kind: CommandKind.setInstrument.rawValue,
                    flags: setting.parameter.rawValue | (secondBook ? InstrumentParameter.secondBook : 0),
                    instrument: instrument, clientOrderID: setting.clientOrderID,
                    originalClientOrderID: setting.originalClientOrderID, price: setting.price,
                    quantity: setting.quantity))
        }

        private func setting() throws -> InstrumentSetting {
            do throws(InstrumentSetting.Failure) {
                return try InstrumentSetting(parameter, values)
            } catch {
                throw ValidationError("\(error)")
            }
        }
    }

    struct CancelCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "Cancel live orders: all, or those of a session, instrument or side.")

        @Option(help: "Only orders of this session.") var session: UInt32?
        @Option(help: "Only orders of this instrument: symbol or number.") var instrument: String?
        @Option(help: "Only orders of this side: buy or sell.") var side: String?
        @OptionGroup var common: Common

        func validate() throws {
            if let session, session == 0 { throw ValidationError("--session takes 1 or more") }
            if let side, side != "buy", side != "sell" { throw ValidationError("--side takes buy or sell") }
        }

        func run() throws {
            let side: Side = self.side == nil ? .none : self.side == "buy" ? .buy : .sell
            try common.ask(
                .init(
                    kind: CommandKind.massCancel.rawValue, side: side.rawValue, instrument: instrument ?? "",
                    clientOrderID: UInt64(session ?? 0)))
        }
    }

    struct IndicateCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "indicate", abstract: "Ask what an auction would trade now, and at which price.")

        @Argument(help: "Symbol or number.") var instrument: String
        @OptionGroup var common: Common

        func run() throws {
            try common.ask(.init(kind: CommandKind.indicate.rawValue, instrument: instrument))
        }
    }
}

extension MarketProtocol.Reply {
    /// For a person.
    var text: String {
        reports.isEmpty ? "carried out as command \(sequence)" : reports.map(\.text).joined(separator: "\n")
    }
}
