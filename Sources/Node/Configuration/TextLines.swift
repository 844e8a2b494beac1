/// A text as lines of bytes with their endings, so that what is not touched stays as it is to the byte.
struct TextLines {
    private struct Line {
        var bytes: [UInt8]
        /// LF, CR LF, or nothing at the end of the text.
        var ending: [UInt8]
    }

    private var lines: [Line] = []
    /// Of the first line that has one.
    private let ending: [UInt8]

    init(_ text: String) {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            guard byte == UInt8(ascii: "\n") else {
                bytes.append(byte)
                continue
            }
            var ending = [byte]
            if bytes.last == UInt8(ascii: "\r") { ending.insert(bytes.removeLast(), at: 0) }
            lines.append(Line(bytes: bytes, ending: ending))
            bytes = []
        }
        if !bytes.isEmpty { lines.append(Line(bytes: bytes, ending: [])) }
        ending = lines.first.map(\.ending).flatMap { $0.isEmpty ? nil : $0 } ?? [UInt8(ascii: "\n")]
    }

    var joined: String { String(decoding: lines.flatMap { $0.bytes + $0.ending }, as: UTF8.self) }

    /// The line with the mark of YAML's end of a document, else the number of lines.
    var endOfDocument: Int { lines.firstIndex { $0.bytes.starts(with: "...".utf8) } ?? lines.count }

    /// The last line before `end` that is neither empty nor all comment; -1 when there is none.
    func lastContent(before end: Int) -> Int {
        lines[..<end].lastIndex { line in
            let first = line.bytes.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            return first != nil && first != UInt8(ascii: "#")
        } ?? -1
    }

    mutating func insert(_ texts: [String], at index: Int) {
        // A last line without an ending gets one, and the new last line none.
        var new = texts.map { Line(bytes: Array($0.utf8), ending: ending) }
        if index == lines.count, index > 0, lines[index - 1].ending.isEmpty {
            lines[index - 1].ending = ending
            if !new.isEmpty { new[new.count - 1].ending = [] }
        }
        lines.insert(contentsOf: new, at: index)
    }

    mutating func replace(_ range: ClosedRange<Int>, by texts: [String]) {
        let last = lines[range.upperBound].ending
        var new = texts.map { Line(bytes: Array($0.utf8), ending: ending) }
        if !new.isEmpty { new[new.count - 1].ending = last }
        lines.replaceSubrange(range, with: new)
    }

    /// Replaces the word, in quotes or without, that begins at a column; false when there is none.
    mutating func replaceWord(atLine index: Int, column: Int, by text: String) -> Bool {
        guard lines.indices.contains(index), let start = offset(ofColumn: column, in: index) else { return false }
        let bytes = lines[index].bytes
        var end = start
        if bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
            guard let close = bytes[(start + 1)...].firstIndex(of: bytes[start]) else { return false }
            end = close + 1
        } else {
            while end < bytes.count, bytes[end] > UInt8(ascii: " ") { end += 1 }
        }
        lines[index].bytes.replaceSubrange(start..<end, with: text.utf8)
        return true
    }

    /// Whether an opening brace is at a column.
    func isBrace(atLine index: Int, column: Int) -> Bool {
        guard lines.indices.contains(index), let place = offset(ofColumn: column, in: index) else { return false }
        return lines[index].bytes[place] == UInt8(ascii: "{")
    }

    /// Replaces what stands between the brace at a column and the one that closes it, both included; false when the text
    /// does not have these.
    mutating func replaceFlow(atLine first: Int, column: Int, by text: String) -> Bool {
        guard isBrace(atLine: first, column: column), let start = offset(ofColumn: column, in: first) else {
            return false
        }
        var scanner = FlowScanner()
        for index in first..<lines.count {
            let bytes = lines[index].bytes
            guard let end = scanner.end(in: bytes, from: index == first ? start : 0) else { continue }
            let rest = Array(bytes[end...])
            lines[first].bytes = lines[first].bytes[..<start] + Array(text.utf8) + rest
            lines[first].ending = lines[index].ending
            lines.removeSubrange(first + 1..<index + 1)
            return true
        }
        return false
    }

    /// YAML counts columns in Unicode scalars.
    private func offset(ofColumn column: Int, in index: Int) -> Int? {
        var scalars = 0
        for (offset, byte) in lines[index].bytes.enumerated() where byte & 0xC0 != 0x80 {
            if scalars == column { return offset }
            scalars += 1
        }
        return nil
    }
}

/// Finds the bracket that closes the first, line by line; brackets in quotes and comments do not count.
private struct FlowScanner {
    private var depth = 0
    private var quote: UInt8?

    /// The offset behind the closing bracket when it is on this line.
    mutating func end(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            switch (byte, quote) {
            case (UInt8(ascii: "\\"), UInt8(ascii: "\"")?): index += 1
            case (let byte, let open?): if byte == open { quote = nil }
            case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = byte
            case (UInt8(ascii: "#"), nil) where index == 0 || bytes[index - 1] <= UInt8(ascii: " "): return nil
            case (UInt8(ascii: "{"), nil), (UInt8(ascii: "["), nil): depth += 1
            case (UInt8(ascii: "}"), nil), (UInt8(ascii: "]"), nil):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }
}
