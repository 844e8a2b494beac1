/// A compiled rule: at most 32 operations that are known to be well-formed. The text of a rule becomes one through
/// `Rule.init(parsing:)`, records of the log through `init(verifying:)`; there is no other way.
///
/// Evaluated from the first operation to the last, whatever the order: the cost is known before it is accepted.
public struct RuleProgram: Sendable, Equatable {
    public let operations: [RuleOperation]
    /// Bits of the fields it reads (`RuleField.mask`).
    public let neededFields: UInt64

    init(verified operations: [RuleOperation]) {
        self.operations = operations
        neededFields = operations.reduce(0) { $0 | $1.neededFields }
    }

    /// Whether it is an "or" of "and"s of conditions of sums, evaluated without a branch.
    public var isGroups: Bool { operations[0].group != RuleOperation.Group.none.rawValue }

    /// What evaluating it takes, in units of one condition of a sum, about a nanosecond.
    public var cost: Int { Self.cost(operations) }

    static func cost(_ operations: [RuleOperation]) -> Int {
        guard operations.first?.group == RuleOperation.Group.none.rawValue else { return operations.count }
        return 3 + 3 * operations.count
    }

    /// - Parameter fields: `RuleField.count` values, those of `neededFields` filled.
    public func verdict(_ fields: UnsafePointer<Int64>) -> RuleVerdict {
        operations.withUnsafeBufferPointer { operations in
            guard let base = operations.baseAddress else { return .notEvaluable }
            if isGroups { return RuleMachine.runGroups(base, count: operations.count, fields: fields) }
            return withUnsafeTemporaryAllocation(of: Int64.self, capacity: RuleLimits.stack) { stack in
                guard let stack = stack.baseAddress else { return .notEvaluable }
                return RuleMachine.runStack(base, count: operations.count, fields: fields, stack: stack)
            }
        }
    }
}
