import Risk
import Runtime
import TestSupport
import Testing

@Suite struct RulePropertyTests {
    // Ten times slower without the optimiser.
    #if DEBUG
        static let count = 10_000
    #else
        static let count = 200_000
    #endif

    @Test("Random rules say what a tree walked in 128 bits says, and read back as themselves")
    func agreement() {
        var random = SplitMix64(seed: 20_261_122)
        var (compiled, groups, notEvaluable, breached, refused) = (0, 0, 0, 0, 0)
        for _ in 0..<Self.count {
            let rule = NaiveRule.random(&random)
            let orders = (0..<6).map { _ in NaiveRule.randomFields(&random) }
            do {
                let program = try Rule(parsing: rule.text).program
                if let difference = rule.difference(from: program, orders) {
                    Issue.record("\(difference)")
                    return
                }
                compiled += 1
                groups += program.isGroups ? 1 : 0
                notEvaluable += orders.count { rule.verdict($0) == .notEvaluable }
                breached += orders.count { rule.verdict($0) == .breached }
            } catch {
                if let difference = rule.difference(from: error, orders) {
                    Issue.record("\(difference)")
                    return
                }
                refused += 1
            }
        }
        // The draw has all of them, in numbers; orders are six to a rule.
        let few = Self.count / 100
        #expect(
            groups > 10 * few && compiled - groups > 10 * few && refused > few, "\(compiled), \(groups), \(refused)")
        #expect(notEvaluable > 10 * few && breached > 50 * few, "\(notEvaluable), \(breached)")
    }
}
