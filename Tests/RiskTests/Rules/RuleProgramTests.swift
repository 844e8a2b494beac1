import Risk
import Runtime
import TestSupport
import Testing

/// Programs from outside: exactly the well-formed ones are taken, and none can do harm.
@Suite struct RuleProgramTests {
    private func problem(_ operations: RuleOperation...) -> (Int, RuleProgramError.Problem)? {
        do {
            _ = try RuleProgram(verifying: operations)
            return nil
        } catch { return (error.operation, error.problem) }
    }

    private func operation(
        _ code: RuleOperation.Code, _ terms: [(UInt8, Int8)] = [], _ constant: Int64 = 0,
        group: RuleOperation.Group = .none
    ) -> RuleOperation {
        var operation = RuleOperation(code, constant: constant)
        if terms.count > 0 { (operation.firstField, operation.firstFactor) = terms[0] }
        if terms.count > 1 { (operation.secondField, operation.secondFactor) = terms[1] }
        if terms.count > 2 { (operation.thirdField, operation.thirdFactor) = terms[2] }
        operation.group = group.rawValue
        return operation
    }

    @Test func anOperationIsSixteenBytes() throws {
        #expect(MemoryLayout<RuleOperation>.size == 16 && MemoryLayout<RuleOperation>.stride == 16)
        let program = try Rule(parsing: "price - 2 * quantity + side > 258 → reject").program
        let bytes = program.operations.withUnsafeBytes { Array($0) }
        #expect(bytes == [1, 0, 1, 3, 1, 0xFE, 1, 2, 2, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func codesAreWhatTheJournalHas() {
        let names = RuleOperation.Code.allCases.map { "\($0) \($0.rawValue)" }
        #expect(
            names == [
                "none 0", "above 1", "notAbove 2", "equal 3", "different 4", "magnitudeAbove 5", "magnitudeNotAbove 6",
                "linear 7", "add 8", "subtract 9", "multiply 10", "divide 11", "negate 12", "absolute 13", "minimum 14",
                "maximum 15", "isLess 16", "isLessOrEqual 17", "isGreater 18", "isGreaterOrEqual 19", "isEqual 20",
                "isDifferent 21", "and 22", "or 23", "not 24",
            ])
    }

    @Test func whatIsWellFormedIsTaken() {
        let clause = operation(.above, [(0, 1)], 5)
        let ends = operation(.above, [(0, 1)], 5, group: .ends)
        let goesOn = operation(.equal, [(3, -1), (38, 3), (2, -3)], 5, group: .goesOn)
        #expect(problem(clause) == nil)
        #expect(problem(ends) == nil)
        #expect(problem(goesOn, goesOn, ends, ends) == nil)
        #expect(problem(clause, clause, operation(.and), operation(.not)) == nil)
        #expect(problem(operation(.linear), operation(.divide, [], -3), operation(.linear), operation(.isLess)) == nil)
    }

    @Test func everyProblemIsFound() {
        typealias Problem = RuleProgramError.Problem
        let clause = operation(.above, [(0, 1)], 5)
        let linear = operation(.linear, [(0, 1)])
        let goesOn = operation(.above, [(0, 1)], 5, group: .goesOn)
        let ends = operation(.above, [(0, 1)], 5, group: .ends)
        func expect(_ found: (Int, Problem)?, _ place: Int, _ problem: Problem, line: UInt = #line) {
            #expect(found?.0 == place && found?.1 == problem, "line \(line): \(String(describing: found))")
        }
        expect(problem(), 0, .empty)
        expect(problem(operation(.none)), 0, .unknownCode)
        var unknown = clause
        unknown.code = 25
        expect(problem(clause, unknown), 1, .unknownCode)
        expect(problem(operation(.above, [(38, 1)])).map { $0 } ?? (9, .empty), 9, .empty)
        expect(problem(operation(.above, [(39, 1)])), 0, .unknownField)
        expect(problem(operation(.above, [(255, 1)])), 0, .unknownField)
        expect(problem(operation(.above, [(1, 1), (1, 2)])), 0, .repeatedField)
        expect(problem(operation(.above, [(1, 0), (2, 1)])), 0, .unusedBytes)
        expect(problem(operation(.above, [(1, 1), (2, 0)])), 0, .unusedBytes)
        expect(problem(operation(.above, [(0, 3), (1, -3), (2, 1)])).map { $0 } ?? (9, .empty), 9, .empty)
        expect(problem(operation(.above, [(0, 3), (1, -3), (2, 2)])), 0, .factorTooLarge)
        expect(problem(operation(.above, [(0, -128)])), 0, .factorTooLarge)
        expect(problem(linear, operation(.negate, [(0, 1)])), 1, .unusedBytes)
        expect(problem(linear, operation(.negate, [(1, 0)])), 1, .unusedBytes)
        expect(problem(linear, operation(.negate, [], 1)), 1, .unusedBytes)
        expect(problem(linear, operation(.negate, group: .ends)), 1, .unusedBytes)
        let most = 7 * RuleLimits.fieldMagnitude
        expect(problem(operation(.above, [(0, 1)], most)).map { $0 } ?? (9, .empty), 9, .empty)
        expect(problem(operation(.above, [(0, 1)], most + 1)), 0, .constantOutOfRange)
        expect(problem(operation(.above, [(0, 1)], -most - 1)), 0, .constantOutOfRange)
        expect(problem(operation(.magnitudeAbove, [(0, 1)], 0)).map { $0 } ?? (9, .empty), 9, .empty)
        expect(problem(operation(.magnitudeAbove, [(0, 1)], -1)), 0, .constantOutOfRange)
        expect(problem(operation(.linear, [(0, 1)], .max - RuleLimits.fieldMagnitude)), 1, .noCondition)
        expect(problem(operation(.linear, [(0, 1)], .max - RuleLimits.fieldMagnitude + 1)), 0, .constantOutOfRange)
        expect(problem(operation(.linear, [], .min)), 0, .constantOutOfRange)
        expect(problem(linear, operation(.divide, [], 0)), 1, .constantOutOfRange)
        expect(problem(linear, operation(.divide, [], .min)), 1, .constantOutOfRange)
        expect(problem(operation(.linear, [(0, 1)], 0, group: .ends)), 0, .groupWrong)
        expect(problem(ends, clause), 1, .groupWrong)
        expect(problem(clause, ends), 1, .groupWrong)
        var group = ends
        group.group = 3
        expect(problem(group), 0, .groupWrong)
        expect(problem(clause, operation(.and)), 1, .operandMissing)
        expect(problem(clause, operation(.negate)), 1, .operandMissing)
        expect(problem(linear, operation(.not)), 1, .operandMissing)
        expect(problem(linear, clause, operation(.add)), 2, .operandMissing)
        expect(problem(clause, linear, operation(.and)), 2, .operandMissing)
        expect(problem(goesOn), 1, .noCondition)
        expect(problem(linear), 1, .noCondition)
        expect(problem(clause, clause), 2, .noCondition)
    }

    @Test func thirtyTwoOperationsAreTakenAndNotOneMore() {
        let ends = operation(.above, [(0, 1)], 5, group: .ends)
        #expect(throws: Never.self) { try RuleProgram(verifying: repeatElement(ends, count: 32)) }
        let error = #expect(throws: RuleProgramError.self) {
            try RuleProgram(verifying: repeatElement(ends, count: 33))
        }
        #expect(error?.problem == .tooLong)
        // The deepest there can be: 16 conditions, and 15 operations that make one of them.
        let clause = operation(.above, [(0, 1)], 5)
        let deepest = Array(repeating: clause, count: 16) + Array(repeating: operation(.and), count: 15)
        #expect(throws: Never.self) { try RuleProgram(verifying: deepest) }
    }

    @Test("Random operations: what is taken evaluates, whatever the fields are, and its text means the same")
    func randomPrograms() throws {
        var random = SplitMix64(seed: 3)
        var taken = 0
        for _ in 0..<RulePropertyTests.count {
            let operations = RandomProgram.operations(&random)
            guard let program = try? RuleProgram(verifying: operations) else { continue }
            taken += 1
            let wild = (0..<RuleField.count).map { _ in Int64(bitPattern: random.next()) }
            _ = wild.withUnsafeBufferPointer { program.verdict($0.baseAddress!) }
            let difference = RandomProgram.difference(program, (0..<4).map { _ in NaiveRule.randomFields(&random) })
            if let difference {
                Issue.record("\(difference)")
                return
            }
        }
        #expect(taken > RulePropertyTests.count / 5, "\(taken)")
    }
}
