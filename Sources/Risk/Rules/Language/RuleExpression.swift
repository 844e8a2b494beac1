/// The condition of a rule as it was written: what the parser makes and the compiler reads.
///
/// A list of nodes in which operands stand before what uses them; the last is the whole condition. Types are right.
public struct RuleExpression: Sendable {
    public enum Operation: Sendable, Equatable {
        case number(Int64)
        case field(RuleField)
        case negate, absolute, not
        case add, subtract, multiply, divide, minimum, maximum
        case compare(RuleComparison)
        case and, or
    }

    public struct Node: Sendable {
        public let operation: Operation
        /// Operands, places in `nodes`; −1: none.
        public let left: Int
        public let right: Int
        /// Where it stands in the text, UTF-8 bytes: a value itself, of an operation its operator.
        let offset: Int
    }

    /// What an expression gives. A named value can only be compared with its field.
    enum Kind: Equatable {
        case number
        case condition
        case name(RuleField)
    }

    public internal(set) var nodes: [Node] = []
    /// UTF-8 of the text it is from, for the compiler's errors.
    let text: [UInt8]

    /// The whole condition.
    public var root: Int { nodes.count - 1 }
}
