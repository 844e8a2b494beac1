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
            let isEqual = ClauseForm(sum, isEqualTo: constant)
            self = comparison == .equal ? isEqual : isEqual.negated
        }
    }

    private init(_ sum: LinearForm, isEqualTo constant: Int64) {
        if constant.magnitude > sum.bound.magnitude {
            self = .truth(false)
        } else if let (field, factor) = sum.onlyTerm {
            self = constant % factor == 0 ? .clause(.equal, field, constant: constant / factor) : .truth(false)
        } else {
            self = sum.isConstant ? .truth(true) : .clause(.equal, sum, constant: constant)
        }
    }

    private init(_ sum: LinearForm, isAbove constant: Int64) {
        if constant >= sum.bound {
            self = .truth(false)
        } else if constant < -sum.bound {
            self = .truth(true)
        } else if let (field, factor) = sum.onlyTerm {
            // −f > c is f ≤ −c − 1.
            let quotient = Self.floor(constant, by: abs(factor))
            self =
                factor > 0
                ? .clause(.above, field, constant: quotient) : .clause(.notAbove, field, constant: -quotient - 1)
        } else {
            self = .clause(.above, sum, constant: constant)
        }
    }

    /// - Parameter divisor: above 0.
    private static func floor(_ dividend: Int64, by divisor: Int64) -> Int64 {
        dividend / divisor - (dividend % divisor < 0 ? 1 : 0)
    }

    /// |sum| compared with a constant; nil when one operation cannot evaluate it.
    init?(magnitudeOf sum: LinearForm, _ comparison: RuleComparison, _ constant: Int64) {
        switch comparison {
        case .greater, .lessOrEqual:
            let (field, factor) = sum.onlyTerm ?? (sum, 1)
            let isAbove: ClauseForm =
                constant < 0
                ? .truth(true)
                : constant >= sum.bound
                    ? .truth(false) : .clause(.magnitudeAbove, field, constant: constant / abs(factor))
            self = comparison == .greater ? isAbove : isAbove.negated
        case .greaterOrEqual, .less:
            guard constant > .min else { return nil }
            self.init(magnitudeOf: sum, comparison == .less ? .lessOrEqual : .greater, constant - 1)
        case .equal, .different: return nil
        }
    }
}
