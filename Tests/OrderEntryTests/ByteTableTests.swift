import Foundation
import OrderEntry
import Orders
import Testing

/// The byte tables of the specification, against what the code writes.
@Suite struct ByteTableTests {
    private struct Row {
        var offset: Int
        var size: Int
        var field: String
    }

    /// Lines of the specification under a heading of level three that begins with `prefix`, and the heading.
    private static func section(_ prefix: String) throws -> (heading: String, cells: [[String]]) {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = tests.appendingPathComponent("../../Sources/OrderEntry/README.md")
        let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("### " + prefix) }, "no section \(prefix)")
        let body = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }
        let cells = body.filter { $0.hasPrefix("| ") }.map {
            $0.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
        }
        return (lines[start], cells)
    }

    private static func rows(_ cells: [[String]]) throws -> [Row] {
        try cells.filter { Int($0[0]) != nil }.map {
            Row(offset: try #require(Int($0[0])), size: try #require(Int($0[1])), field: $0[2])
        }
    }

    @Test func theHeaderTableIsTheHeader() throws {
        let rows = try Self.rows(Self.section("Header").cells)
        #expect(rows.map(\.field) == ["length", "type", "version", "session", "sequence"])
        #expect(rows.map(\.offset) == [0, 2, 3, 4, 8])
        #expect(rows.map(\.size) == [2, 1, 1, 4, 8])
        #expect(rows.map(\.size).reduce(0, +) == MessageHeader.size)
    }

    @Test(arguments: Example.all) func theTableOfAMessageIsTheMessage(_ example: Example) throws {
        let (heading, cells) = try Self.section("\(example.type.rawValue) ")
        #expect(heading.contains(", \(example.type.length) bytes"))
        #expect(heading.lowercased().contains(" \(example.type),".lowercased()), "\(heading)")
        let rows = try Self.rows(cells)
        var position = MessageHeader.size
        for row in rows {
            #expect(row.offset == position, "\(example.type).\(row.field) leaves a hole or overlaps")
            position += row.size
            let bytes = example.bytes[row.offset..<row.offset + row.size]
            let value = bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
            if row.field == "reserved" {
                #expect(bytes.allSatisfy { $0 == 0 }, "\(example.type) at \(row.offset)")
            } else {
                let expected = try #require(example.fields[row.field], "no example of \(row.field)")
                #expect(value == expected, "\(example.type).\(row.field)")
            }
        }
        #expect(position == example.type.length)
        #expect(Set(rows.map(\.field)).subtracting(["reserved"]) == Set(example.fields.keys))
    }

    private static func names(_ section: String) throws -> [String] {
        try Self.section(section).cells.filter { Int($0[0]) != nil }.map { "\($0[0]) \($0[1])" }
    }

    @Test func theReasonsAreTheEnumerations() throws {
        func all<Reason: CaseIterable & RawRepresentable<UInt8>>(_ type: Reason.Type) -> [String] {
            type.allCases.map { "\($0.rawValue) \($0)" }
        }
        #expect(try Self.names("OrderType") == all(OrderType.self))
        #expect(try Self.names("TimeInForce") == all(TimeInForce.self))
        #expect(try Self.names("SelfTradePrevention") == all(SelfTradePrevention.self))
        #expect(try Self.names("ReportKind") == all(ReportKind.self))
        #expect(try Self.names("RejectReason") == all(RejectReason.self))
        #expect(try Self.names("EstablishRejectReason") == all(EstablishRejectReason.self))
        #expect(try Self.names("TerminationReason") == all(TerminationReason.self))
        #expect(try Self.names("RetransmitRejectReason") == all(RetransmitRejectReason.self))
        #expect(try Self.names("NotAppliedReason") == all(NotAppliedReason.self))
    }

    @Test func theFaultsAreTheFramersAndTheFilesExist() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let folder = tests.appendingPathComponent("../../Sources/OrderEntry")
        let text = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
        for fault in FramingError.allCases { #expect(text.contains("| `\(fault)` |")) }
        for name in [
            "MessageHeader", "MessageFramer", "SessionMessages", "OrderMessages", "OrderMessages+Terms",
            "OrderMessages+Many", "ExecutionReportMessage",
        ] {
            #expect(text.contains("`\(name).swift`"))
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("\(name).swift").path))
        }
    }
}
