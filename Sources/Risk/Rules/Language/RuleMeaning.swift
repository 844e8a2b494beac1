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

    private static func compared(_ left: RuleMeaning, _ comparison: RuleComparison, _ right: RuleMeaning) -> RuleMeaning {
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
        let bound = Self.bound(node.operation, left, right)
        let canFail = left.canFail || right?.canFail ?? false || bound > Int128(Int64.max)
        if left.isConstant, right?.isConstant ?? true, canFail {
            throw RuleError(
                expression.text, at: node.offset, found: "a number that is too large", expected: "at most \(Int64.max)")
        }
        // A result that did not fit is never used; one that fits can be Int64.min.
        return RuleMeaning(
            form: canFail ? .other : form(node.operation, left, right), bound: min(bound, 1 << 63), canFail: canFail)
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
        let (one, other) = (left.linear, right?.linear)
        let both = one.flatMap { one in other.map { (one, $0) } }
        let sum: LinearForm? =
            switch operation {
            case .negate: one?.scaled(by: -1)
            case .add: both.flatMap { $0.adding($1) }
            case .subtract: both.flatMap { one, other in other.scaled(by: -1).flatMap { one.adding($0) } }
            case .multiply:
                both.flatMap { one, other in
                    one.isConstant ? other.scaled(by: one.constant) : other.isConstant ? one.scaled(by: other.constant) : nil
                }
            default: folded(operation, both)
            }
        if let sum { return .linear(sum) }
        guard operation == .absolute, let one else { return .other }
        if one.isConstant { return .linear(LinearForm(constant: abs(one.constant))) }
        return one.constant == 0 ? .magnitude(one) : .other
    }

    /// Of two constants.
    private static func folded(
        _ operation: RuleExpression.Operation, _ both: (LinearForm, LinearForm)?
    ) -> LinearForm? {
        guard let (one, other) = both, one.isConstant, other.isConstant else { return nil }
        switch operation {
        case .divide: return LinearForm(constant: one.constant / other.constant)
        case .minimum: return LinearForm(constant: min(one.constant, other.constant))
        case .maximum: return LinearForm(constant: max(one.constant, other.constant))
        default: return nil
        }
    }
}
