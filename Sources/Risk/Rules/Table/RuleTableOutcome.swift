/// What came of a change to the table. Everything but `done` leaves the table as it was.
@frozen public enum RuleTableOutcome: UInt8, CaseIterable, Sendable {
    case done = 0
    /// As many rules as the table holds.
    case full = 1
    case unknownIdentifier = 2
    case duplicateIdentifier = 3
    /// Identifier 0, which means no rule; a number without a kind of scope, or a kind without a number.
    case invalid = 4
    /// The rules that one order could meet would take longer than the table allows.
    case overBudget = 5
}
