extension RuleProgram {
    /// Takes operations from outside, such as a replayed log, when they are well-formed: codes and fields that exist,
    /// every operand there and of the right kind, one condition at the end, no sum that could overflow, zero in every
    /// byte without a meaning.
    public init(verifying operations: some Sequence<RuleOperation>) throws(RuleProgramError) {
        let operations = Array(operations.prefix(RuleLimits.operations + 1))
        guard let first = operations.first else { throw RuleProgramError(operation: 0, problem: .empty) }
        guard operations.count <= RuleLimits.operations else {
            throw RuleProgramError(operation: RuleLimits.operations, problem: .tooLong)
        }
        var stack = KindStack()
        for (index, operation) in operations.enumerated() {
            let problem =
                Self.fault(of: operation)
                ?? (first.group == RuleOperation.Group.none.rawValue
                    ? stack.take(operation) : Self.groupFault(of: operation))
            if let problem { throw RuleProgramError(operation: index, problem: problem) }
        }
        let endsWell =
            first.group == RuleOperation.Group.none.rawValue
            ? stack.isOneCondition : operations[operations.count - 1].group == RuleOperation.Group.ends.rawValue
        guard endsWell else { throw RuleProgramError(operation: operations.count, problem: .noCondition) }
        self.init(verified: operations)
    }

    /// What is wrong with an operation by itself.
    private static func fault(of operation: RuleOperation) -> RuleProgramError.Problem? {
        guard let code = RuleOperation.Code(rawValue: operation.code), code != .none else { return .unknownCode }
        guard code.isLinear else {
            let bytes = [operation.firstField, operation.secondField, operation.thirdField, operation.group]
            guard bytes.allSatisfy({ $0 == 0 }), operation.terms.isEmpty else { return .unusedBytes }
            if code == .divide {
                return operation.constant == 0 || operation.constant == .min ? .constantOutOfRange : nil
            }
            return operation.constant == 0 ? nil : .unusedBytes
        }
        if let problem = fieldFault(of: operation) { return problem }
        let factors = operation.terms.reduce(Int64(0)) { $0 + Int64($1.factor).magnitudeAsInt }
        guard factors <= RuleLimits.factors else { return .factorTooLarge }
        let bound = (code.isClause ? RuleLimits.factors : factors) * RuleLimits.fieldMagnitude
        let most = code.isClause ? bound : Int64.max - bound
        // What is written as |sum| > c has no c below 0.
        let least = code == .magnitudeAbove || code == .magnitudeNotAbove ? 0 : -most
        return (least...most).contains(operation.constant) ? nil : .constantOutOfRange
    }

    private static func fieldFault(of operation: RuleOperation) -> RuleProgramError.Problem? {
        let pairs = [
            (operation.firstField, operation.firstFactor), (operation.secondField, operation.secondFactor),
            (operation.thirdField, operation.thirdFactor),
        ]
        let used = operation.terms
        for (place, pair) in pairs.enumerated() {
            if place >= used.count, pair != (0, 0) { return .unusedBytes }
            if place < used.count, pair.1 == 0 { return .unusedBytes }
            if pair.0 >= RuleField.count { return .unknownField }
        }
        return Set(used.map(\.field)).count == used.count ? nil : .repeatedField
    }

    private static func groupFault(of operation: RuleOperation) -> RuleProgramError.Problem? {
        guard let code = RuleOperation.Code(rawValue: operation.code), code.isClause,
            let group = RuleOperation.Group(rawValue: operation.group), group != .none
        else { return .groupWrong }
        return nil
    }
}

extension Int64 {
    fileprivate var magnitudeAsInt: Int64 { self < 0 ? -self : self }
}

/// The kinds of the values on the stack while a program is read.
private struct KindStack {
    private var isCondition: [Bool] = []

    var isOneCondition: Bool { isCondition == [true] }

    mutating func take(_ operation: RuleOperation) -> RuleProgramError.Problem? {
        guard operation.group == 0, let code = RuleOperation.Code(rawValue: operation.code) else { return .groupWrong }
        let (operands, result): ([Bool], Bool) =
            switch code {
            case .none, .above, .notAbove, .equal, .different, .magnitudeAbove, .magnitudeNotAbove: ([], true)
            case .linear: ([], false)
            case .divide, .negate, .absolute: ([false], false)
            case .add, .subtract, .multiply, .minimum, .maximum: ([false, false], false)
            case .isLess, .isLessOrEqual, .isGreater, .isGreaterOrEqual, .isEqual, .isDifferent: ([false, false], true)
            case .and, .or: ([true, true], true)
            case .not: ([true], true)
            }
        guard isCondition.count >= operands.count, isCondition.suffix(operands.count).elementsEqual(operands) else {
            return .operandMissing
        }
        isCondition.removeLast(operands.count)
        isCondition.append(result)
        return nil
    }
}
