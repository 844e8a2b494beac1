/// What a rule says to an order.
@frozen public enum RuleVerdict: UInt8, Sendable {
    case passes = 0
    /// The condition holds: the order is refused.
    case breached = 1
    /// A number on the way did not fit 64 bits. What cannot be checked is refused.
    case notEvaluable = 2
}

/// Runs verified programs. Cost: one turn per operation; memory: the fields and `RuleLimits.stack` numbers. Whatever the
/// fields are, it neither traps nor reads elsewhere.
enum RuleMachine {
    /// - Parameters:
    ///   - operations: a verified program of groups.
    ///   - fields: `RuleField.count` values.
    static func runGroups(
        _ operations: UnsafePointer<RuleOperation>, count: Int, fields: UnsafePointer<Int64>
    ) -> RuleVerdict {
        var state = RuleGroupState()
        for index in 0..<count {
            let clause = RuleClause(operations[index])
            state.take(clause.misses(fields), goesOn: clause.goesOn)
        }
        return state.isBreached == 0 ? .passes : .breached
    }

    /// - Parameters:
    ///   - operations: a verified program of the stack machine.
    ///   - fields: `RuleField.count` values.
    ///   - stack: room for `RuleLimits.stack` numbers.
    static func runStack(
        _ operations: UnsafePointer<RuleOperation>, count: Int, fields: UnsafePointer<Int64>,
        stack: UnsafeMutablePointer<Int64>
    ) -> RuleVerdict {
        // The topmost value is in `top`, those below it in memory: an operation with two operands takes one load.
        var depth = 0
        var top: Int64 = 0
        var failed = false
        for index in 0..<count {
            let operation = operations + index
            let code = operation.pointee.verifiedCode
            switch code {
            case .above, .notAbove, .equal, .different, .magnitudeAbove, .magnitudeNotAbove:
                stack[depth] = top
                depth &+= 1
                top = Int64(RuleClause(operation.pointee).misses(fields) ^ 1)
            case .linear:
                stack[depth] = top
                depth &+= 1
                top = sum(operation, fields) &+ operation.pointee.constant
            case .divide: take(top.dividedReportingOverflow(by: operation.pointee.constant), &top, &failed)
            case .negate: take((0 as Int64).subtractingReportingOverflow(top), &top, &failed)
            case .absolute: if top < 0 { take((0 as Int64).subtractingReportingOverflow(top), &top, &failed) }
            case .not: top ^= 1
            case .none: break
            default:
                depth &-= 1
                let left = stack[depth]
                switch code {
                case .add: take(left.addingReportingOverflow(top), &top, &failed)
                case .subtract: take(left.subtractingReportingOverflow(top), &top, &failed)
                case .multiply: take(left.multipliedReportingOverflow(by: top), &top, &failed)
                case .minimum: top = left < top ? left : top
                case .maximum: top = left > top ? left : top
                case .isLess: top = left < top ? 1 : 0
                case .isLessOrEqual: top = left <= top ? 1 : 0
                case .isGreater: top = left > top ? 1 : 0
                case .isGreaterOrEqual: top = left >= top ? 1 : 0
                case .isEqual: top = left == top ? 1 : 0
                case .isDifferent: top = left != top ? 1 : 0
                case .and: top &= left
                default: top |= left
                }
            }
        }
        return failed ? .notEvaluable : top == 0 ? .passes : .breached
    }

    @inline(__always) private static func take(
        _ result: (partialValue: Int64, overflow: Bool), _ top: inout Int64, _ failed: inout Bool
    ) {
        top = result.partialValue
        failed = failed || result.overflow
    }

    @inline(__always) private static func sum(
        _ operation: UnsafePointer<RuleOperation>, _ fields: UnsafePointer<Int64>
    ) -> Int64 {
        let operation = operation.pointee
        return fields[Int(operation.firstField)] &* Int64(operation.firstFactor)
            &+ fields[Int(operation.secondField)] &* Int64(operation.secondFactor)
            &+ fields[Int(operation.thirdField)] &* Int64(operation.thirdFactor)
    }
}
