import Risk
import Testing

/// Every mistake is told with its place, what was found and what was expected.
@Suite struct RuleErrorTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var place: String
        var found: String
        var expected: String
        var testDescription: String { text }

        init(_ text: String, _ place: String, _ found: String, _ expected: String) {
            self.text = text
            self.place = place
            self.found = found
            self.expected = expected
        }
    }

    static let value = "a field, a number, \"(\", \"-\", \"not\", abs, min or max"
    static let condition = "a condition, such as quantity > 500"
    static let number = "a number such as 500, 10_000, 500k, 2M or 16:30"

    static let mistakes: [Mistake] = [
        Mistake("", "1:1", "the end", value),
        Mistake("quantity > 500", "1:15", "the end", "an operator or \"→ reject\""),
        Mistake("quantity > 500 →", "1:17", "the end", "\"reject\""),
        Mistake("quantity > 500 → accept", "1:18", "\"accept\"", "\"reject\""),
        Mistake("quantity > 500 → reject it", "1:25", "\"it\"", "nothing behind \"reject\""),
        Mistake("quantity > 500 → reject → reject", "1:25", "\"→\"", "nothing behind \"reject\""),
        Mistake("quantity 500 → reject", "1:10", "\"500\"", "an operator or \"→ reject\""),
        Mistake("quantity > → reject", "1:12", "\"→\"", value),
        Mistake("quantity > 5 and\n  and price > 1 → reject", "2:3", "\"and\"", value),
        // Types
        Mistake("quantity → reject", "1:1", "a number", condition),
        Mistake("5 → reject", "1:1", "a number", condition),
        Mistake("buy → reject", "1:1", "a name of side", condition),
        Mistake("quantity and price > 1 → reject", "1:1", "a number", condition),
        Mistake("price > 1 and quantity → reject", "1:15", "a number", condition),
        Mistake("price > 1 or (quantity + 1) → reject", "1:14", "a number", condition),
        Mistake("not quantity → reject", "1:5", "a number", condition),
        Mistake("(price > 1) + 2 > 3 → reject", "1:1", "a condition", "a number"),
        Mistake("2 * (price > 1) > 3 → reject", "1:5", "a condition", "a number"),
        Mistake("-(price > 1) > 3 → reject", "1:2", "a condition", "a number"),
        Mistake("abs(1) + min(price, 1 > 2) > 3 → reject", "1:23", "\">\"", "\")\""),
        Mistake("abs((1 > 2)) > 3 → reject", "1:5", "a condition", "a number"),
        Mistake("max(1, (1 > 2)) > 3 → reject", "1:8", "a condition", "a number"),
        Mistake("(price > 1) == (price > 2) → reject", "1:1", "a condition", "a number"),
        Mistake("1 < price < 5 → reject", "1:11", "\"<\"", "\"and\" between two comparisons"),
        // Words
        Mistake("side == market → reject", "1:9", "a name of orderType", "it beside orderType, its field, alone"),
        Mistake("buy == side + 1 → reject", "1:1", "a name of side", "it beside side, its field, alone"),
        Mistake("buy == sell → reject", "1:1", "a name of side", "it beside side, its field, alone"),
        Mistake("side > sell → reject", "1:8", "\">\" with a name of side", "\"==\" or \"!=\""),
        Mistake("quantity * buy > 5 → reject", "1:12", "a name of side", "a number"),
        Mistake("instrument == \"NONE\" → reject", "1:15", "\"\"NONE\"\"", "the symbol of an instrument"),
        Mistake(
            "quantity == \"WSL1\" → reject", "1:13", "a name of instrument", "it beside instrument, its field, alone"),
        Mistake("instrument == \"WSL1 → reject", "1:15", "a quotation mark without its second", "\"SYMBOL\""),
        // Fields
        Mistake(
            "quantities > 5 → reject", "1:1", "\"quantities\"",
            "a field (such as price, quantity, position(instrument); README.md has them all)"),
        Mistake("position > 5 → reject", "1:10", "\">\"", "\"(\": position(instrument)"),
        Mistake("position(account) > 5 → reject", "1:10", "\"account\"", "position(instrument)"),
        Mistake("open(5) > 5 → reject", "1:6", "\"5\"", "open(buy) or open(sell)"),
        Mistake("open(buy > 5 → reject", "1:10", "\">\"", "\")\""),
        // Functions and parentheses
        Mistake("abs price > 5 → reject", "1:5", "\"price\"", "\"(\""),
        Mistake("min(price) > 5 → reject", "1:10", "\")\"", "\",\""),
        Mistake("abs(price, 1) > 5 → reject", "1:10", "\",\"", "\")\""),
        Mistake("(price > 5 → reject", "1:12", "\"→\"", "\")\""),
        Mistake("price > 5) → reject", "1:10", "\")\"", "an operator or \"→ reject\""),
        Mistake(
            "reject: price > 5 → reject", "1:1", "\"reject\"",
            value),
        // Signs
        Mistake("side = 1 → reject", "1:6", "\"=\"", "\"==\" to compare"),
        Mistake("price > 1 && quantity > 1 → reject", "1:11", "\"&\"", "\"and\""),
        Mistake("price > 1 || quantity > 1 → reject", "1:11", "\"|\"", "\"or\""),
        Mistake("!price > 1 → reject", "1:1", "\"!\"", "\"not\" or \"!=\""),
        Mistake(
            "prix·2 > 1 → reject", "1:1", "\"prix\"",
            "a field (such as price, quantity, position(instrument); README.md has them all)"),
        Mistake("price § 1 → reject", "1:7", "\"§\"", "a field, a number, an operator or \"→ reject\""),
        // Numbers
        Mistake("price > 5x → reject", "1:9", "\"5x\"", number),
        Mistake("price > 5km → reject", "1:9", "\"5km\"", number),
        Mistake("price > 9223372036854775808 → reject", "1:9", "a number that is too large", "at most \(Int64.max)"),
        Mistake("price > 9223372036854776k → reject", "1:9", "a number that is too large", "at most \(Int64.max)"),
        Mistake("timeOfDay > 24:00 → reject", "1:13", "24:00", "a time of day, 00:00…23:59 or 00:00:00…23:59:59"),
        Mistake("timeOfDay > 9:60 → reject", "1:13", "9:60", "a time of day, 00:00…23:59 or 00:00:00…23:59:59"),
        Mistake(
            "price > 9223372036854775807 + 1 → reject", "1:29", "a number that is too large", "at most \(Int64.max)"),
        Mistake("price / 0 > 1 → reject", "1:7", "a division by zero", "a division by a number other than 0"),
        Mistake("price / (2 - 2) > 1 → reject", "1:7", "a division by zero", "a division by a number other than 0"),
        Mistake("price / side > 1 → reject", "1:7", "a division by a field", "a division by a number other than 0"),
        Mistake(
            "price / (side * price) > 1 → reject", "1:7", "a division by what is only known later",
            "a division by a number other than 0"),
        // Conditions that say nothing
        Mistake(
            "1 > 2 → reject", "1:3", "a condition that is never true",
            "one that depends on the order; numbers and fields are within ±2⁶⁰"),
        Mistake(
            "price > 1 or 2 > 1 → reject", "1:11", "a condition that is always true",
            "one that depends on the order; numbers and fields are within ±2⁶⁰"),
        Mistake(
            "price > 1152921504606846976 → reject", "1:7", "a condition that is never true",
            "one that depends on the order; numbers and fields are within ±2⁶⁰"),
    ]

    @Test("A mistake is told with its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let error = try #require(throws: RuleError.self) {
            _ = try Rule(parsing: mistake.text) { $0 == "WSL1" ? 7 : nil }
        }
        #expect("\(error.line):\(error.column)" == mistake.place)
        #expect(error.found == mistake.found)
        #expect(error.expected == mistake.expected)
    }

    @Test func theTextShowsTheLineAndACaret() throws {
        let error = try #require(throws: RuleError.self) {
            _ = try Rule(parsing: "big:\n\tprice > 1 →→\n reject")
        }
        #expect("\(error)" == "2:13: found \"→\"; expected \"reject\"\n price > 1 →→\n            ^")
    }

    /// `filler` makes a text as long as is asked for.
    private func error(_ text: String) -> RuleError? {
        do {
            _ = try Rule(parsing: text)
            return nil
        } catch { return error }
    }

    @Test func theLimitsOfTheTextHoldExactly() {
        let text = "price > 1 → reject"
        let blanks = String(repeating: " ", count: RuleLimits.textBytes - text.utf8.count)
        #expect(error(blanks + text) == nil)
        #expect(error(" " + blanks + text)?.found == "\(RuleLimits.textBytes + 1) bytes")

        let name = String(repeating: "n", count: RuleLimits.nameBytes)
        #expect(error("\(name): \(text)") == nil)
        #expect(error("n\(name): \(text)")?.found == "a name of \(RuleLimits.nameBytes + 1) characters")

        for (open, close) in [("(", ")"), ("-", ""), ("abs(", ")")] {
            let nested = { (levels: Int) in
                String(repeating: open, count: levels) + "price" + String(repeating: close, count: levels)
                    + " > 1 → reject"
            }
            #expect(error(nested(RuleLimits.nesting)) == nil, "\(open)")
            #expect(error(nested(RuleLimits.nesting + 1))?.found == "more than \(RuleLimits.nesting) levels of nesting")
        }
        #expect(error(String(repeating: "not ", count: RuleLimits.nesting) + text) == nil)
        #expect(
            error(String(repeating: "not ", count: RuleLimits.nesting + 1) + text)?.found
                == "more than \(RuleLimits.nesting) levels of nesting")

        // A sum of n numbers has 2 n − 1 nodes, the comparison and its left side 2 more.
        let sum = { (numbers: Int) in "price > " + Array(repeating: "1", count: numbers).joined(separator: "+") }
        #expect(error(sum(127) + " → reject") == nil)
        #expect(error("-" + sum(127) + " → reject") == nil)
        #expect(
            error("-" + sum(128) + " → reject")?.found == "more than \(RuleLimits.nodes) values and operators")
    }

    @Test func theLimitsOfTheProgramHoldExactly() throws {
        let clauses = { (count: Int) in
            (0..<count).map { "price == \($0)" }.joined(separator: " or ") + " → reject"
        }
        #expect(try Rule(parsing: clauses(RuleLimits.operations)).program.cost == RuleLimits.operations)
        #expect(error(clauses(RuleLimits.operations + 1))?.found == "a rule of 65 operations")

        // A product of n fields of its own takes 2 n − 1 operations, the comparison with a sum 2 more.
        let product = { (fields: Int, more: String) in
            Array(repeating: "price", count: fields).joined(separator: "*") + more + " > 1 → reject"
        }
        #expect(try Rule(parsing: product(15, "")).program.operations.count == 31)
        #expect(try Rule(parsing: product(15, " / 2")).program.operations.count == RuleLimits.operations)
        #expect(error(product(15, " / 2 / 2"))?.found == "a rule of 33 operations")
    }
}
