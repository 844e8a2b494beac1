/// A rule of the pre-trade gate as a user writes it: `small: quantity > 500 and side == buy → reject`.
///
/// Parsed and type-checked at the door; the gate sees the program alone. README.md has the grammar.
public struct Rule: Sendable {
    /// The word before the colon; nil: it has none.
    public let name: String?
    public let expression: RuleExpression
    public let program: RuleProgram

    /// Not for the thread of an engine: it allocates.
    /// - Parameter instrument: the identifier of an instrument's symbol; nil for one that is not known.
    public init(
        parsing text: String, instrument: @escaping (String) -> UInt32? = { _ in nil }
    ) throws(RuleError) {
        var parser = try RuleParser(text, instrument: instrument)
        name = try parser.rule()
        expression = parser.expression
        var compiler = try RuleCompiler(expression)
        program = try compiler.program()
    }
}

extension RuleExpression {
    /// The condition of a rule, not compiled: for what shows rules.
    /// - Parameter instrument: as of `Rule.init(parsing:instrument:)`.
    public init(parsing text: String, instrument: @escaping (String) -> UInt32? = { _ in nil }) throws(RuleError) {
        var parser = try RuleParser(text, instrument: instrument)
        _ = try parser.rule()
        self = parser.expression
    }
}
