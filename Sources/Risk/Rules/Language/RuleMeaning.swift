/// What the compiler knows of each part of an expression before any order is seen, found from the operands upwards.
struct RuleMeaning {
    enum Form {
        /// A number that one operation evaluates; or |that|.
        case linear(LinearForm)
        case magnitude(LinearForm)
        /// A condition that one operation evaluates, or that is known.
        case clause(ClauseForm)
        case other
    }

    var form: Form
    /// The largest |value| a number can have with every field within its bound.
    var bound: Int128 = 0
    /// Whether evaluating it can overflow. What can is never left out: such a rule refuses.
    var canFail = false
    /// The node that stands for this one, when half of an "and" or "or" decides nothing.
    var standIn: Int?

    var isConstant: Bool { if case .linear(let sum) = form { sum.isConstant } else { false } }
    var linear: LinearForm? { if case .linear(let sum) = form { sum } else { nil } }
    var truth: Bool? { if case .clause(.truth(let value)) = form { value } else { nil } }

    static func of(_ expression: RuleExpression) throws(RuleError) -> [RuleMeaning] {
        var meanings: [RuleMeaning] = []
        for node in expression.nodes {
            let left = node.left >= 0 ? meanings[node.left] : nil
            let right = node.right >= 0 ? meanings[node.right] : nil
            meanings.append(try of(node, left, right, expression))
        }
        return meanings
    }

    private static func of(
        _ node: RuleExpression.Node, _ left: RuleMeaning?, _ right: RuleMeaning?, _ expression: RuleExpression
    ) throws(RuleError) -> RuleMeaning {
        switch node.operation {
        case .number(let value):
            return RuleMeaning(form: .linear(LinearForm(constant: value)), bound: Int128(value.magnitude))
        case .field(let field):
            return RuleMeaning(form: .linear(LinearForm(field)), bound: Int128(RuleLimits.fieldMagnitude))
        default: break
        }
        guard let left else { return RuleMeaning(form: .other) }
        switch node.operation {
        case .compare(let comparison): return compared(left, comparison, right ?? left)
        case .and: return joined(node, left, right ?? left, neutral: true)
        case .or: return joined(node, left, right ?? left, neutral: false)
        case .not:
            if case .clause(let clause) = left.form { return RuleMeaning(form: .clause(clause.negated)) }
            return RuleMeaning(form: .other, canFail: left.canFail)
        default: return try number(node, left, right, expression)
        }
    }

    // MARK: Conditions

    private static func compared(_ left: RuleMeaning, _ comparison: RuleComparison, _ right: RuleMeaning) -> RuleMeaning
    {
        let canFail = left.canFail || right.canFail
        let clause: ClauseForm? =
            switch (left.form, right.form) {
            case _ where canFail: nil
            case (.linear(let left), .linear(let right)): ClauseForm(left, comparison, right)
            case (.magnitude(let sum), .linear(let right)) where right.isConstant:
                ClauseForm(magnitudeOf: sum, comparison, right.constant)
            case (.linear(let left), .magnitude(let sum)) where left.isConstant:
                ClauseForm(magnitudeOf: sum, comparison.swapped, left.constant)
            default: nil
            }
        return RuleMeaning(form: clause.map { .clause($0) } ?? .other, canFail: canFail)
    }

    /// - Parameter neutral: the truth that decides nothing here: true of "and", false of "or".
    private static func joined(
        _ node: RuleExpression.Node, _ left: RuleMeaning, _ right: RuleMeaning, neutral: Bool
    ) -> RuleMeaning {
        let canFail = left.canFail || right.canFail
        for (one, other, place) in [(left, right, node.right), (right, left, node.left)] {
            guard let truth = one.truth else { continue }
            if truth == neutral {
                var meaning = other
                meaning.standIn = other.standIn ?? place
                return meaning
            }
            if !other.canFail { return RuleMeaning(form: .clause(.truth(truth))) }
        }
        return RuleMeaning(form: .other, canFail: canFail)
    }

    // MARK: Numbers

    private static func number(
        _ node: RuleExpression.Node, _ left: RuleMeaning, _ right: RuleMeaning?, _ expression: RuleExpression
    ) throws(RuleError) -> RuleMeaning {
        if node.operation == .divide, let divisor = right?.linear, !divisor.isConstant || divisor.constant == 0 {
            throw RuleError(
                expression.text, at: node.offset,
                found: divisor.isConstant ? "a division by zero" : "a division by a field",
                expected: "a division by a number other than 0")
        }
        if node.operation == .divide, right?.linear == nil {
            throw RuleError(
                expression.text, at: node.offset, found: "a division by what is only known later",
                expected: "a division by a number other than 0")
        }
        if let constant = constant(node.operation, left, right) {
            guard let constant = Int64(exactly: constant) else {
                throw RuleError(
                    expression.text, at: node.offset, found: "a number that is too large",
                    expected: "at most \(Int64.max)")
            }
            // The lowest number has no magnitude of 64 bits, so it is left to the machine.
            return RuleMeaning(
                form: constant == .min ? .other : .linear(LinearForm(constant: constant)),
                bound: Int128(constant.magnitude))
        }
        let bound = Self.bound(node.operation, left, right)
        let canFail = left.canFail || right?.canFail ?? false || bound > Int128(Int64.max)
        let form = canFail ? Form.other : form(node.operation, left, right)
        // What was subtracted from itself is gone. A result that did not fit is never used; one that fits can be Int64.min.
        let limit =
            if case .linear(let sum) = form { Int128(sum.bound) + Int128(sum.constant.magnitude) } else {
                Int128(1) << 63
            }
        return RuleMeaning(form: form, bound: min(bound, limit), canFail: canFail)
    }

    private static func bound(
        _ operation: RuleExpression.Operation, _ left: RuleMeaning, _ right: RuleMeaning?
    ) -> Int128 {
        let other = right?.bound ?? 0
        return switch operation {
        case .add, .subtract: left.bound + other
        case .multiply: left.bound * other
        case .divide: left.bound / max(other, 1)
        case .minimum, .maximum: max(left.bound, other)
        default: left.bound
        }
    }

    private static func form(
        _ operation: RuleExpression.Operation, _ left: RuleMeaning, _ right: RuleMeaning?
    ) -> Form {
        if operation == .absolute, case .magnitude = left.form { return left.form }
        guard let one = left.linear else { return .other }
        let other = right?.linear
        let sum: LinearForm? =
            switch operation {
            case .negate: one.scaled(by: -1)
            case .add: other.flatMap { one.adding($0) }
            case .subtract: other?.scaled(by: -1).flatMap { one.adding($0) }
            case .multiply where one.isConstant: other?.scaled(by: one.constant)
            case .multiply where other?.isConstant ?? false: one.scaled(by: other?.constant ?? 1)
            default: nil
            }
        if let sum { return .linear(sum) }
        return operation == .absolute && one.constant == 0 ? .magnitude(one) : .other
    }

    /// What becomes of constants alone.
    private static func constant(
        _ operation: RuleExpression.Operation, _ left: RuleMeaning, _ right: RuleMeaning?
    ) -> Int128? {
        guard let one = left.linear, one.isConstant else { return nil }
        let value = Int128(one.constant)
        if operation == .negate { return -value }
        if operation == .absolute { return abs(value) }
        guard let other = right?.linear, other.isConstant else { return nil }
        let second = Int128(other.constant)
        switch operation {
        case .add: return value + second
        case .subtract: return value - second
        case .multiply: return value * second
        case .divide: return value / second
        case .minimum: return min(value, second)
        default: return max(value, second)
        }
    }
}
