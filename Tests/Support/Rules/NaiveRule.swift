import Risk

/// A rule as a tree that is walked in numbers of 128 bits: what the compiled program must agree with.
public indirect enum NaiveRule {
    case number(Int64)
    case name(RuleName)
    case field(RuleField)
    case negate(NaiveRule)
    case absolute(NaiveRule)
    case add(NaiveRule, NaiveRule)
    case subtract(NaiveRule, NaiveRule)
    case multiply(NaiveRule, NaiveRule)
    case divide(NaiveRule, Int64)
    case minimum(NaiveRule, NaiveRule)
    case maximum(NaiveRule, NaiveRule)
    case compare(NaiveRule, RuleComparison, NaiveRule)
    case and(NaiveRule, NaiveRule)
    case or(NaiveRule, NaiveRule)
    case not(NaiveRule)

    private struct Overflow: Error {}

    /// Everything is evaluated; a number that does not fit 64 bits makes the rule not evaluable, wherever it is.
    public func verdict(_ fields: [Int64]) -> RuleVerdict {
        guard let holds = try? condition(fields) else { return .notEvaluable }
        return holds ? .breached : .passes
    }

    private func condition(_ fields: [Int64]) throws -> Bool {
        switch self {
        case .compare(let left, let comparison, let right):
            let (left, right) = (try left.value(fields), try right.value(fields))
            return switch comparison {
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            case .equal: left == right
            case .different: left != right
            }
        case .and(let left, let right):
            let both = (try left.condition(fields), try right.condition(fields))
            return both.0 && both.1
        case .or(let left, let right):
            let both = (try left.condition(fields), try right.condition(fields))
            return both.0 || both.1
        case .not(let operand): return try !operand.condition(fields)
        default: preconditionFailure("\(self) is a number")
        }
    }

    private func value(_ fields: [Int64]) throws -> Int128 {
        let value: Int128 =
            switch self {
            case .number(let number): Int128(number)
            case .name(let name): Int128(name.value)
            case .field(let field): Int128(fields[Int(field.rawValue)])
            case .negate(let operand): -(try operand.value(fields))
            case .absolute(let operand): abs(try operand.value(fields))
            case .add(let left, let right): try left.value(fields) + right.value(fields)
            case .subtract(let left, let right): try left.value(fields) - right.value(fields)
            case .multiply(let left, let right): try left.value(fields) * right.value(fields)
            case .divide(let dividend, let divisor): try dividend.value(fields) / Int128(divisor)
            case .minimum(let left, let right): min(try left.value(fields), try right.value(fields))
            case .maximum(let left, let right): max(try left.value(fields), try right.value(fields))
            default: preconditionFailure("\(self) is a condition")
            }
        guard Int64(exactly: value) != nil else { throw Overflow() }
        return value
    }
}

extension NaiveRule {
    /// The tree of an expression that was parsed.
    public init(_ expression: RuleExpression) { self.init(expression, expression.root) }

    private init(_ expression: RuleExpression, _ index: Int) {
        let node = expression.nodes[index]
        let left = node.left >= 0 ? NaiveRule(expression, node.left) : .number(0)
        let right = node.right >= 0 ? NaiveRule(expression, node.right) : .number(0)
        self =
            switch node.operation {
            case .number(let number): .number(number)
            case .field(let field): .field(field)
            case .negate: .negate(left)
            case .absolute: .absolute(left)
            case .not: .not(left)
            case .add: .add(left, right)
            case .subtract: .subtract(left, right)
            case .multiply: .multiply(left, right)
            case .divide: .divide(left, right.constant)
            case .minimum: .minimum(left, right)
            case .maximum: .maximum(left, right)
            case .compare(let comparison): .compare(left, comparison, right)
            case .and: .and(left, right)
            case .or: .or(left, right)
            }
    }

    /// Of what a rule may divide by, which has no field.
    private var constant: Int64 {
        guard let value = try? value([]), let constant = Int64(exactly: value) else { return 0 }
        return constant
    }
}
