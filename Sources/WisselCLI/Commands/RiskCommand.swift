import ArgumentParser
import Orders
import Risk

/// `wissel risk`: limits of a running node.
struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk",
        abstract: "Change limits, lists, marks and custom rules of the pre-trade risk gate of a running node.",
        discussion: """
            A change is sequenced and journaled like an order: it holds from that place in the log on, and a replay repeats \
            it. A participant is an account, a session a user. Money is ticks × lots × the instrument's tick value. \
            Leaves with 1 when the node refuses.

            examples: wissel risk set account:1 credit 5_000_000
                      wissel risk set account:1 maximumPosition 200 --instrument WSL
                      wissel risk set user:3 orderRate 10_000 100
                      wissel risk set venue markPrice 10_050 --instrument WSL
                      wissel risk set firm:7 killed on
                      wissel risk rule 12 'position(instrument) + open(buy) > 500 → reject' --scope account:1
                      wissel risk rule 12 --remove
            """,
        subcommands: [SetCommand.self, RuleCommand.self])

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

    struct RuleCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rule", abstract: "Put a custom rule into the gate, or take it out.",
            discussion: """
                A rule is a condition on an order and the account it is for; where it holds the order is refused, with the reason \
                customRule and the rule's number. The lowest number is told. It is checked before anything changes, and a \
                mistake is shown with its place. What can be asked, and how it is written: Sources/Risk/Rules/README.md.

                examples: wissel risk rule 12 'position(instrument) + open(buy) > 500 → reject' --scope account:1
                          wissel risk rule 13 'evening: quantity > 100 and timeOfDay > 17:30 → reject'
                          wissel risk rule 12 --disable
                """)

        @Argument(help: "The rule's number, from 1; one that is there is replaced.") var number: UInt32
        @Argument(help: "The rule, in quotes.") var text: String?
        @Option(help: "Whose orders: session:3, account:1 or firm:7; everybody's without.") var scope: String?
        @Option(help: "For this instrument alone: symbol or number.") var instrument: String?
        @Flag(help: "Take the rule out.") var remove = false
        @Flag(help: "Switch the rule off, and keep it.") var disable = false
        @Flag(help: "Switch it on again.") var enable = false
        @OptionGroup var common: MarketCommand.Common

        func validate() throws {
            guard number > 0 else { throw ValidationError("rules are numbered from 1") }
            guard [text != nil, remove, disable, enable].count(where: { $0 }) == 1 else {
                throw ValidationError("give a rule in quotes, or one of --remove, --disable and --enable")
            }
            _ = try owner()
            if let text {
                // Symbols are the node's to know; everything else is told here.
                do { _ = try Rule(parsing: text) { _ in 1 } } catch { throw ValidationError("\(error)") }
            }
        }

        func run() throws {
            let (kind, owner) = try owner()
            let action: RuleRecord.Action = remove ? .remove : disable ? .disable : enable ? .enable : .put
            let command = Command(
                RuleRecord(action, number, scopeKind: kind.rawValue, scopeNumber: owner))
            try common.ask(
                .init(
                    kind: command.kind.rawValue, flags: command.flags, instrument: instrument ?? "",
                    price: command.price, quantity: command.quantity, rule: text))
        }

        private func owner() throws -> (RuleScope.Kind, UInt32) {
            guard let scope else { return (.any, 0) }
            let parts = scope.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = UInt32(parts[1]), number > 0,
                let kind = RuleScope.Kind.allCases.first(where: { $0 != .any && "\($0)" == parts[0] })
            else { throw ValidationError("--scope takes session:, account: or firm: with a number from 1") }
            return (kind, number)
        }
    }
}
