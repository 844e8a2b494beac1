/// A condition of a sum, or what is known of one before any order is seen.
enum ClauseForm: Equatable {
    case clause(RuleOperation.Code, LinearForm, constant: Int64)
    case truth(Bool)

    var negated: ClauseForm {
        switch self {
        case .truth(let value): return .truth(!value)
        case .clause(let code, let sum, let constant):
            let opposite: RuleOperation.Code =
                switch code {
                case .above: .notAbove
                case .notAbove: .above
                case .equal: .different
                case .different: .equal
                case .magnitudeAbove: .magnitudeNotAbove
                default: .magnitudeAbove
                }
            return .clause(opposite, sum, constant: constant)
        }
    }

    var operation: RuleOperation {
        switch self {
        case .clause(let code, let sum, let constant): sum.operation(code, constant: constant)
        // 0 > −1, 0 > 0
        case .truth(let value): RuleOperation(.above, constant: value ? -1 : 0)
        }
    }

    /// nil when one operation cannot evaluate it.
    init?(_ left: LinearForm, _ comparison: RuleComparison, _ right: LinearForm) {
        if left.isConstant && !right.isConstant {
            self.init(right, comparison.swapped, left)
            return
        }
        guard let opposite = right.withoutConstant.scaled(by: -1),
            let sum = left.withoutConstant.adding(opposite)
        else { return nil }
        let difference = right.constant.subtractingReportingOverflow(left.constant)
        guard !difference.overflow else { return nil }
        self.init(sum, comparison, difference.partialValue)
    }

    /// - Parameter sum: without a constant.
    private init?(_ sum: LinearForm, _ comparison: RuleComparison, _ constant: Int64) {
        switch comparison {
        case .greater: self.init(sum, isAbove: constant)
        case .lessOrEqual: self = ClauseForm(sum, isAbove: constant).negated
        case .greaterOrEqual, .less:
            let below = constant.subtractingReportingOverflow(1)
            guard !below.overflow else { return nil }
            let isAbove = ClauseForm(sum, isAbove: below.partialValue)
            self = comparison == .less ? isAbove.negated : isAbove
        case .equal, .different:
            let isEqual: ClauseForm =
                constant.magnitude > sum.bound.magnitude
                ? .truth(false) : sum.isConstant ? .truth(true) : .clause(.equal, sum, constant: constant)
            self = comparison == .equal ? isEqual : isEqual.negated
        }
    }

    private init(_ sum: LinearForm, isAbove constant: Int64) {
        let bound = sum.bound
        self = constant >= bound ? .truth(false) : constant < -bound ? .truth(true)
            : .clause(.above, sum, constant: constant)
    }

    /// |sum| compared with a constant; nil when one operation cannot evaluate it.
    init?(magnitudeOf sum: LinearForm, _ comparison: RuleComparison, _ constant: Int64) {
        switch comparison {
        case .greater, .lessOrEqual:
            let isAbove: ClauseForm =
                constant < 0
                ? .truth(true)
                : constant >= sum.bound ? .truth(false) : .clause(.magnitudeAbove, sum, constant: constant)
            self = comparison == .greater ? isAbove : isAbove.negated
        case .greaterOrEqual, .less:
            guard constant > .min else { return nil }
            self.init(magnitudeOf: sum, comparison == .less ? .lessOrEqual : .greater, constant - 1)
        case .equal, .different: return nil
        }
    }
}
