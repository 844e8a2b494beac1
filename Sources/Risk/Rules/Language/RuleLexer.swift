/// Takes the text of a rule apart.
struct RuleLexer {
    let text: [UInt8]
    private(set) var offset = 0

    init(_ text: String) throws(RuleError) {
        self.text = Array(text.utf8)
        guard self.text.count <= RuleLimits.textBytes else {
            throw RuleError(
                self.text, at: 0, found: "\(self.text.count) bytes", expected: "at most \(RuleLimits.textBytes)")
        }
    }

    mutating func next() throws(RuleError) -> RuleToken {
        while offset < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[offset]) { offset += 1 }
        guard offset < text.count else { return RuleToken(kind: .end, range: offset..<offset) }
        let start = offset
        let kind: RuleToken.Kind
        switch text[offset] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .number(try number())
        case UInt8(ascii: "\""): kind = .symbol(try symbol())
        case let byte where Self.isLetter(byte): kind = .word(word())
        default:
            guard let sign = RuleToken.Sign.allCases.first(where: { text[start...].starts(with: $0.rawValue.utf8) })
            else { throw unknownCharacter() }
            offset += sign.rawValue.utf8.count
            kind = .sign(sign)
        }
        return RuleToken(kind: kind, range: start..<offset)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func word() -> String {
        let start = offset
        while offset < text.count, Self.isLetter(text[offset]) || Self.isDigit(text[offset]) { offset += 1 }
        return String(decoding: text[start..<offset], as: UTF8.self)
    }

    /// An instrument's symbol in quotation marks, on one line.
    private mutating func symbol() throws(RuleError) -> String {
        let start = offset + 1
        guard let end = text[start...].firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 < 0x20 }),
            text[end] == UInt8(ascii: "\"")
        else { throw error(at: offset, found: "a quotation mark without its second", expected: "\"SYMBOL\"") }
        offset = end + 1
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// `500`, `10_000`, `500k`, `2M`, or a time of day `16:30`, `16:30:05`.
    private mutating func number() throws(RuleError) -> Int64 {
        let start = offset
        var value = try digits()
        if let hours = try timeOfDay(hours: value, from: start) {
            value = hours
        } else if offset < text.count {
            let scale: Int64? =
                switch text[offset] {
                case UInt8(ascii: "k"): 1_000
                case UInt8(ascii: "M"): 1_000_000
                default: nil
                }
            if let scale {
                offset += 1
                let scaled = value.multipliedReportingOverflow(by: scale)
                guard !scaled.overflow else { throw tooLarge(from: start) }
                value = scaled.partialValue
            }
        }
        if offset < text.count, Self.isLetter(text[offset]) || Self.isDigit(text[offset]) {
            _ = word()
            throw error(
                at: start, found: "\"\(String(decoding: text[start..<offset], as: UTF8.self))\"",
                expected: "a number such as 500, 10_000, 500k, 2M or 16:30")
        }
        return value
    }

    private mutating func digits() throws(RuleError) -> Int64 {
        let start = offset
        var value: Int64 = 0
        while offset < text.count, Self.isDigit(text[offset]) || text[offset] == UInt8(ascii: "_") {
            defer { offset += 1 }
            guard text[offset] != UInt8(ascii: "_") else { continue }
            let tens = value.multipliedReportingOverflow(by: 10)
            let sum = tens.partialValue.addingReportingOverflow(Int64(text[offset] - UInt8(ascii: "0")))
            guard !tens.overflow, !sum.overflow else { throw tooLarge(from: start) }
            value = sum.partialValue
        }
        return value
    }

    /// Seconds since midnight when a colon and a digit follow.
    private mutating func timeOfDay(hours: Int64, from start: Int) throws(RuleError) -> Int64? {
        guard let minutes = try colonAndNumber() else { return nil }
        let seconds = try colonAndNumber() ?? 0
        guard hours < 24, minutes < 60, seconds < 60 else {
            throw error(
                at: start, found: "\(String(decoding: text[start..<offset], as: UTF8.self))",
                expected: "a time of day, 00:00…23:59 or 00:00:00…23:59:59")
        }
        return hours * 3_600 + minutes * 60 + seconds
    }

    private mutating func colonAndNumber() throws(RuleError) -> Int64? {
        guard offset + 1 < text.count, text[offset] == UInt8(ascii: ":"), Self.isDigit(text[offset + 1]) else {
            return nil
        }
        offset += 1
        return try digits()
    }

    private func tooLarge(from start: Int) -> RuleError {
        error(at: start, found: "a number that is too large", expected: "at most \(Int64.max)")
    }

    private func unknownCharacter() -> RuleError {
        let character = String(decoding: text[offset...].prefix(4), as: UTF8.self).first.map(String.init) ?? ""
        let expected =
            switch character {
            case "=": "\"==\" to compare"
            case "&": "\"and\""
            case "|": "\"or\""
            case "!": "\"not\" or \"!=\""
            default: "a field, a number, an operator or \"→ reject\""
            }
        return error(at: offset, found: "\"\(character)\"", expected: expected)
    }

    func error(at offset: Int, found: String, expected: String) -> RuleError {
        RuleError(text, at: offset, found: found, expected: expected)
    }
}
