import Risk
import Runtime

/// Lists of operations, most of them well-formed or nearly so.
public enum RandomProgram {
    public static func operations(_ random: inout SplitMix64) -> [RuleOperation] {
        let isGroups = random.next(below: 3) == 0
        var operations: [RuleOperation] = []
        var (numbers, conditions) = (0, 0)
        for _ in 0...random.next(below: 12) {
            if isGroups {
                var clause = linear(RuleOperation.Code.allCases[1 + random.next(below: 6)], &random)
                clause.group = UInt8(1 + random.next(below: 2))
                operations.append(clause)
            } else if numbers >= 2 {
                let code = RuleOperation.Code.allCases[
                    [8, 9, 10, 14, 15, 16, 17, 18, 19, 20, 21][random.next(below: 11)]]
                operations.append(RuleOperation(code))
                numbers -= code.rawValue < 16 ? 1 : 2
                conditions += code.rawValue < 16 ? 0 : 1
            } else if numbers == 0, conditions >= 2, random.next(below: 2) == 0 {
                operations.append(RuleOperation(random.next(below: 2) == 0 ? .and : .or))
                conditions -= 1
            } else {
                let code = RuleOperation.Code.allCases[1 + random.next(below: 7)]
                if code == .linear { numbers += 1 } else if numbers == 0 { conditions += 1 } else { continue }
                operations.append(linear(code, &random))
            }
        }
        if isGroups { operations[operations.count - 1].group = RuleOperation.Group.ends.rawValue }
        if numbers == 1 { operations += [linear(.linear, &random), RuleOperation(.isLess)] }
        conditions += numbers == 1 ? 1 : 0
        if !isGroups, conditions > 1 {
            operations += (1..<conditions).map { _ in RuleOperation(random.next(below: 2) == 0 ? .and : .or) }
        }
        if random.next(below: 4) == 0 { damage(&operations, &random) }
        return operations
    }

    private static func linear(_ code: RuleOperation.Code, _ random: inout SplitMix64) -> RuleOperation {
        var operation = RuleOperation(code, constant: Int64(random.next(below: 21)) - 10)
        if code == .magnitudeAbove || code == .magnitudeNotAbove { operation.constant = abs(operation.constant) }
        let terms = random.next(below: 4)
        let first = UInt8(random.next(below: RuleField.count - 2))
        if terms > 0 { (operation.firstField, operation.firstFactor) = (first, random.next(below: 2) == 0 ? 1 : -1) }
        if terms > 1 { (operation.secondField, operation.secondFactor) = (first + 1, Int8(1 + random.next(below: 3))) }
        if terms > 2 { (operation.thirdField, operation.thirdFactor) = (first + 2, Int8(-1 - random.next(below: 3))) }
        return operation
    }

    private static func damage(_ operations: inout [RuleOperation], _ random: inout SplitMix64) {
        let place = random.next(below: operations.count)
        withUnsafeMutableBytes(of: &operations[place]) {
            $0[random.next(below: 16)] = UInt8(truncatingIfNeeded: random.next())
        }
    }

    /// A program against its own text, walked as a tree.
    public static func difference(_ program: RuleProgram, _ orders: [[Int64]]) -> String? {
        let expression: RuleExpression
        do { expression = try RuleExpression(parsing: program.description) } catch {
            // Sixteen conditions within one another are more parentheses than a text may have.
            return error.found.hasPrefix("more than") ? nil : "\(program) is refused: \(error)"
        }
        let tree = NaiveRule(expression)
        for fields in orders {
            let said = fields.withUnsafeBufferPointer { program.verdict($0.baseAddress!) }
            if said != tree.verdict(fields) { return "\(program): \(said), not \(tree.verdict(fields)) for \(fields)" }
        }
        return nil
    }
}
