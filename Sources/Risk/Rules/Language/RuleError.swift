/// What is wrong with the text of a rule, where, and what was expected there.
public struct RuleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// From 1.
    public let line: Int
    /// In characters, from 1.
    public let column: Int
    public let found: String
    public let expected: String
    /// The line it is in; tabs and other control characters are spaces.
    public let lineText: String

    /// - Parameter offset: of the mistake, in UTF-8 bytes.
    init(_ text: [UInt8], at offset: Int, found: String, expected: String) {
        let start = (text[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        line = text[..<start].count { $0 == UInt8(ascii: "\n") } + 1
        // Bytes that go on with a character are not counted.
        column = text[start..<offset].count { $0 & 0xC0 != 0x80 } + 1
        lineText = String(decoding: text[start..<end].map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        self.found = found
        self.expected = expected
    }

    /// `line:column: found …; expected …`, the line, and a caret below the place.
    public var description: String {
        "\(line):\(column): found \(found); expected \(expected)\n\(lineText)\n\(String(repeating: " ", count: column - 1))^"
    }
}
