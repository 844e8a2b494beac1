import Foundation
import Risk
import Testing

/// What the README says is what the code does.
@Suite struct RuleReadmeTests {
    private static func lines() throws -> [String] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = tests.appendingPathComponent("../../../Sources/Risk/Rules/README.md").standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    }

    @Test func itsExamplesCompile() throws {
        let examples = try Self.lines().drop { !$0.hasPrefix("```") }.dropFirst().prefix { !$0.hasPrefix("```") }
        #expect(examples.count == 9)
        for example in examples {
            let program = try Rule(parsing: example) { $0 == "WSL1" ? 7 : nil }.program
            #expect(try Rule(parsing: program.description).program == program, "\(example)")
            // All but the last are conditions of sums.
            #expect(program.isGroups == !example.hasPrefix("twoSided"), "\(example)")
        }
    }

    @Test func itsErrorIsTheError() throws {
        let lines = try Self.lines()
        let start = try #require(lines.firstIndex { $0.hasPrefix("1:") })
        let error = try #require(throws: RuleError.self) { _ = try Rule(parsing: lines[start + 1]) }
        #expect("\(error)" == lines[start...start + 2].joined(separator: "\n"))
    }

    @Test func itsTablesAreComplete() throws {
        let cells = try Self.lines().filter { $0.hasPrefix("| ") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let fields = cells.filter { Int($0[0]) != nil }
        #expect(fields == RuleField.allCases.map { ["\($0.rawValue)", "`\($0.name)`", $0.unit] })
        for field in [RuleField.side, .orderType, .timeInForce, .action, .phase] {
            let row = try #require(cells.first { $0.count == 2 && $0[1] == "`\(field.name)`" })
            #expect(row[0] == RuleName.all.filter { $0.field == field }.map { "`\($0.text)`" }.joined(separator: ", "))
        }
        for (limit, value) in [
            ("text", "4,096 bytes"), ("nesting", "\(RuleLimits.nesting)"),
            ("values and operators", "\(RuleLimits.nodes)"),
            ("operations", "\(RuleLimits.operations)"),
        ] { #expect(cells.contains { $0[0] == limit && $0[1] == value }, "\(limit)") }
    }
}
