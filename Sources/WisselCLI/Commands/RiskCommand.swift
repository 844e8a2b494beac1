import ArgumentParser
import Orders

/// `wissel risk`: limits of a running node.
struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk",
        abstract: "Change limits, lists and marks of the pre-trade risk gate of a running node.",
        discussion: """
            A change is sequenced and journaled like an order: it holds from that place in the log on, and a replay repeats \
            it. A participant is an account, a session a user. Money is ticks × lots × the instrument's tick value. \
            Leaves with 1 when the node refuses.

            examples: wissel risk set account:1 credit 5_000_000
                      wissel risk set account:1 maximumPosition 200 --instrument WSL
                      wissel risk set user:3 orderRate 10_000 100
                      wissel risk set venue markPrice 10_050 --instrument WSL
                      wissel risk set firm:7 killed on
            """,
        subcommands: [SetCommand.self])

    struct SetCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set a limit, and tell when it is on the disk.",
            discussion: "Values of none take a limit off.\n\n"
                + RiskSetting.parameters.map { "\($0) \(RiskSetting.values(of: $0))" }.joined(separator: "\n"))

        @Argument(help: "venue, firm:7, account:1, user:3 or strategy:12.") var scope: String
        @Argument(help: "One of those above.") var parameter: String
        @Argument(help: "As the parameter needs.") var values: [String] = []
        @Option(help: "For this instrument alone: symbol or number.") var instrument: String?
        @OptionGroup var common: MarketCommand.Common

        func validate() throws { _ = try setting() }

        func run() throws {
            let setting = try setting()
            try common.ask(
                .init(
                    kind: CommandKind.setRisk.rawValue, flags: setting.parameter.rawValue,
                    instrument: instrument ?? "", clientOrderID: setting.scope.rawValue, price: setting.value,
                    quantity: setting.quantity))
        }

        private func setting() throws -> RiskSetting {
            do throws(RiskSetting.Failure) {
                return try RiskSetting(scope: scope, parameter, values)
            } catch {
                throw ValidationError("\(error)")
            }
        }
    }
}
