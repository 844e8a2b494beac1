import Risk

/// What holds of the compiler and of every rule: told as a sentence when it does not.
extension NaiveRule {
    /// Compares what the tree and the program say to some orders, and reads the program's own text and operations back.
    public func difference(from program: RuleProgram, _ orders: [[Int64]]) -> String? {
        for fields in orders {
            let (expected, said) = (
                verdict(fields), fields.withUnsafeBufferPointer { program.verdict($0.baseAddress!) }
            )
            if said != expected { return "\(text): \(said) instead of \(expected) for \(fields), as \(program)" }
        }
        do {
            let again = try Rule(parsing: program.description).program
            if again != program { return "\(text): \(program) is compiled as \(again)" }
        } catch { return "\(text): its own text is refused: \(error)" }
        if (try? RuleProgram(verifying: program.operations)) != program { return "\(text): \(program) is not verified" }
        return nil
    }

    /// Whether the compiler was right to refuse a rule that is well written.
    public func difference(from error: RuleError, _ orders: [[Int64]]) -> String? {
        let verdicts = Set(orders.map(verdict))
        let isRight =
            switch error.found {
            case "a condition that is always true": verdicts == [.breached]
            case "a condition that is never true": verdicts == [.passes]
            case "a number that is too large": verdicts == [.notEvaluable]
            case let found: found.hasPrefix("a rule of ")
            }
        return isRight ? nil : "\(text): \(verdicts), but \(error)"
    }
}
