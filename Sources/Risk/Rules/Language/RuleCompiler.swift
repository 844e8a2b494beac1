/// Makes a program of an expression.
///
/// Whatever can be is made an "or" of "and"s of conditions of sums; the rest runs on the stack machine, with sums of up
/// to three fields still in one operation. Constants are worked out here. The smaller of the two programs is taken.
struct RuleCompiler {
    let expression: RuleExpression
    let meanings: [RuleMeaning]
    private var operations: [RuleOperation] = []

    init(_ expression: RuleExpression) throws(RuleError) {
        self.expression = expression
        meanings = try RuleMeaning.of(expression)
    }

    mutating func program() throws(RuleError) -> RuleProgram {
        if let truth = meanings[expression.root].truth {
            throw error(
                found: "a condition that is \(truth ? "always" : "never") true",
                expected: "one that depends on the order; numbers and fields are within ±2⁶⁰")
        }
        let groups = ruleGroups(expression.root, negated: false)?.operations
        emit(expression.root)
        if let groups, RuleProgram.cost(groups) <= RuleProgram.cost(operations) { operations = groups }
        guard operations.count <= RuleLimits.operations else {
            throw error(
                found: "a rule of \(operations.count) operations",
                expected: "at most \(RuleLimits.operations); split the rule")
        }
        // Never seen in millions of random rules; but a text from outside must not end the process by our mistake.
        guard let program = try? RuleProgram(verifying: operations) else {
            throw error(found: "a condition that was compiled wrongly", expected: "another way to write it")
        }
        return program
    }

    // MARK: The stack machine

    /// Operands, then what uses them.
    private mutating func emit(_ index: Int) {
        let meaning = meanings[index]
        if let standIn = meaning.standIn { return emit(standIn) }
        switch meaning.form {
        case .linear(let sum): operations.append(sum.operation(.linear, constant: sum.constant))
        case .clause(let clause): operations.append(clause.operation)
        case .magnitude(let sum): operations += [sum.operation(.linear, constant: 0), RuleOperation(.absolute)]
        case .other: emitParts(expression.nodes[index])
        }
    }

    private mutating func emitParts(_ node: RuleExpression.Node) {
        emit(node.left)
        if node.operation == .divide {
            operations.append(RuleOperation(.divide, constant: meanings[node.right].linear?.constant ?? 1))
            return
        }
        if node.right >= 0 { emit(node.right) }
        let code: RuleOperation.Code =
            switch node.operation {
            case .number, .field: .none
            case .negate: .negate
            case .absolute: .absolute
            case .not: .not
            case .add: .add
            case .subtract: .subtract
            case .multiply: .multiply
            case .divide: .divide
            case .minimum: .minimum
            case .maximum: .maximum
            case .compare(let comparison): RuleOperation.Code(comparison)
            case .and: .and
            case .or: .or
            }
        operations.append(RuleOperation(code))
    }

    private func error(found: String, expected: String) -> RuleError {
        RuleError(expression.text, at: expression.nodes[expression.root].offset, found: found, expected: expected)
    }
}
