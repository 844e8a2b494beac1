import Risk
import Runtime
import TestSupport

/// Text of a rule: parser, compiler and evaluator against a tree that is walked.
final class RuleTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        [
            "position(instrument) + open(buy) > 500 → reject",
            "night: timeOfDay < 7:00 or timeOfDay >= 22:30:15 -> reject",
            "n_1: side == buy and not (orderType != market or quantity <= 10_000) → reject",
            "abs(price - referencePrice) > 3k and timeInForce == ioc → reject",
            "min(open(buy), open(sell)) * -2 / 3 + max(notional, 1M) >= lossToday → reject",
            "instrument == \"WSL1\" and 3 * worstPosition - 7 * quantity < -5 → reject", "9223372036854775807 > price",
            "phase == halt or (action == quote) → reject",
        ].map { Array($0.utf8) }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input.prefix(RuleLimits.textBytes + 1), as: UTF8.self)
        let symbol: (String) -> UInt32? = { $0.utf8.count == 4 ? 7 : nil }
        do {
            let rule = try Rule(parsing: text, instrument: symbol)
            let tree = NaiveRule(rule.expression)
            var random = SplitMix64(seed: UInt64(input.count))
            let orders = (0..<8).map { _ in NaiveRule.randomFields(&random) }
            if let difference = tree.difference(from: rule.program, orders) { Fuzz.stop("\(text): \(difference)") }
        } catch {
            let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            hold((1...lines.count).contains(error.line), "line \(error.line) of \(lines.count)")
            let line = String(decoding: lines[error.line - 1], as: UTF8.self)
            hold(
                (1...line.unicodeScalars.count + 1).contains(error.column),
                "column \(error.column) of \(line.debugDescription)")
            hold(!error.found.isEmpty && !error.expected.isEmpty, "an error that says nothing: \(error)")
        }
    }
}

/// Bytes as operations of a program, as they come from a log, and orders with whatever numbers.
final class RuleProgramTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        var random = SplitMix64(seed: 1)
        return (0..<64).map { _ in
            [UInt8(truncatingIfNeeded: random.next())] + RandomProgram.operations(&random).withUnsafeBytes { Array($0) }
        }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        var random = SplitMix64(seed: UInt64(reader.byte()))
        var operations: [RuleOperation] = []
        while !reader.isAtEnd, operations.count <= RuleLimits.operations {
            let bytes = reader.take(16) + [UInt8](repeating: 0, count: 16)
            operations.append(bytes.withUnsafeBytes { $0.loadUnaligned(as: RuleOperation.self) })
        }
        do {
            let program = try RuleProgram(verifying: operations)
            check(program, &random)
        } catch {
            hold(
                (0...operations.count).contains(error.operation), "operation \(error.operation) of \(operations.count)")
        }
    }

    private func check(_ program: RuleProgram, _ random: inout SplitMix64) {
        var table = RuleTable(capacity: 1, costBudget: 1_000)
        hold(table.add(7, program) == .done, "a program is not taken")
        for round in 0..<4 {
            // Numbers beyond their bound may say anything, and do no harm.
            let fields =
                round == 0
                ? (0..<RuleField.count).map { _ in Int64(bitPattern: random.next()) } : NaiveRule.randomFields(&random)
            // Memory of its own, so that a field too far is seen.
            let memory = UnsafeMutablePointer<Int64>.allocate(capacity: RuleField.count)
            defer { memory.deallocate() }
            memory.initialize(from: fields, count: RuleField.count)
            let breach = table.firstBreach(fields: memory, session: 1, account: 2, firm: 3, instrument: 4)
            let verdict = program.verdict(memory)
            hold((breach == 7) == (verdict != .passes), "the table says \(breach), the program \(verdict)")
            hold(table.verdict(of: 7, fields: memory) == verdict, "the table says another verdict")
            if round > 0, let difference = RandomProgram.difference(program, [fields]) { Fuzz.stop(difference) }
        }
    }
}
