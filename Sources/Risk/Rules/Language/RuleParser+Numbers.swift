extension RuleParser {
    /// sum = product { ( "+" | "-" ) product }
    mutating func sum() throws(RuleError) -> Part {
        var left = try product()
        while token.kind == .sign(.plus) || token.kind == .sign(.minus) {
            let operation: RuleExpression.Operation = token.kind == .sign(.plus) ? .add : .subtract
            left = try arithmetic(operation, left) { parser throws(RuleError) in try parser.product() }
        }
        return left
    }

    /// product = factor { ( "*" | "/" ) factor }
    private mutating func product() throws(RuleError) -> Part {
        var left = try factor()
        while token.kind == .sign(.times) || token.kind == .sign(.divided) {
            let operation: RuleExpression.Operation = token.kind == .sign(.times) ? .multiply : .divide
            left = try arithmetic(operation, left) { parser throws(RuleError) in try parser.factor() }
        }
        return left
    }

    private mutating func arithmetic(
        _ operation: RuleExpression.Operation, _ left: Part,
        _ operand: (inout RuleParser) throws(RuleError) -> Part
    ) throws(RuleError) -> Part {
        try require(left, .number)
        let offset = try operatorOffset()
        let right = try operand(&self)
        try require(right, .number)
        return try add(operation, left, right, at: offset, .number)
    }

    /// factor = "-" factor | value
    private mutating func factor() throws(RuleError) -> Part {
        guard token.kind == .sign(.minus) else { return try value() }
        try enter()
        defer { leave() }
        let offset = try operatorOffset()
        let operand = try factor()
        try require(operand, .number)
        let part = try add(.negate, operand, nil, at: offset, .number)
        return Part(node: part.node, kind: .number, offset: offset)
    }

    /// value = number | field | name | symbol | function | "(" disjunction ")"
    private mutating func value() throws(RuleError) -> Part {
        let offset = token.range.lowerBound
        switch token.kind {
        case .number(let number):
            try advance()
            return try add(.number(number), nil, nil, at: offset, .number)
        case .symbol(let symbol):
            guard let identifier = identifier(of: symbol) else { throw unexpected("the symbol of an instrument") }
            try advance()
            return try add(.number(Int64(identifier)), nil, nil, at: offset, .name(.instrument))
        case .sign(.opening):
            try enter()
            defer { leave() }
            try advance()
            let part = try disjunction()
            try expect(.closing)
            return Part(node: part.node, kind: part.kind, offset: offset)
        case .word("abs"), .word("min"), .word("max"): return try function()
        case .word(let word) where !RuleToken.keywords.contains(word): return try field(word)
        default: throw unexpected("a field, a number, \"(\", \"-\", \"not\", abs, min or max")
        }
    }

    /// function = "abs" "(" sum ")" | ( "min" | "max" ) "(" sum "," sum ")"
    private mutating func function() throws(RuleError) -> Part {
        let name = token.kind
        try enter()
        defer { leave() }
        let offset = try operatorOffset()
        try expect(.opening)
        let first = try sum()
        try require(first, .number)
        var second: Part?
        if name != .word("abs") {
            try expect(.comma)
            let part = try sum()
            try require(part, .number)
            second = part
        }
        try expect(.closing)
        let operation: RuleExpression.Operation =
            name == .word("abs") ? .absolute : name == .word("min") ? .minimum : .maximum
        let part = try add(operation, first, second, at: offset, .number)
        return Part(node: part.node, kind: .number, offset: offset)
    }

    /// A field, with what it has in parentheses, or a named value.
    private mutating func field(_ word: String) throws(RuleError) -> Part {
        let offset = token.range.lowerBound
        if let name = RuleName.named[word] {
            try advance()
            return try add(.number(name.value), nil, nil, at: offset, .name(name.field))
        }
        if let qualified = RuleField.qualified[word] { return try qualifiedField(word, qualified) }
        guard let field = RuleField.named[word] else {
            throw unexpected("a field (such as price, quantity, position(instrument); README.md has them all)")
        }
        try advance()
        return try add(.field(field), nil, nil, at: offset, .number)
    }

    private mutating func qualifiedField(_ word: String, _ fields: [RuleField]) throws(RuleError) -> Part {
        let offset = try operatorOffset()
        let expected = fields.map(\.name).joined(separator: " or ")
        guard token.kind == .sign(.opening) else { throw unexpected("\"(\": \(expected)") }
        try advance()
        guard case .word(let qualifier) = token.kind,
            let field = fields.first(where: { $0.name == "\(word)(\(qualifier))" })
        else { throw unexpected(expected) }
        try advance()
        try expect(.closing)
        return try add(.field(field), nil, nil, at: offset, .number)
    }

    private mutating func expect(_ sign: RuleToken.Sign) throws(RuleError) {
        guard token.kind == .sign(sign) else { throw unexpected("\"\(sign.rawValue)\"") }
        try advance()
    }

    // MARK: Types

    func require(_ part: Part, _ kind: RuleExpression.Kind) throws(RuleError) {
        guard part.kind != kind else { return }
        throw error(
            at: part.offset, found: Self.words(part.kind),
            expected: kind == .condition ? "a condition, such as quantity > 500" : "a number")
    }

    func requireComparable(_ left: Part, _ comparison: RuleComparison, _ right: Part) throws(RuleError) {
        switch (left.kind, right.kind) {
        case (.number, .number): return
        case (.name(let field), _): try requireField(field, right, comparison, name: left)
        case (_, .name(let field)): try requireField(field, left, comparison, name: right)
        default:
            try require(left, .number)
            try require(right, .number)
        }
    }

    /// A named value is equal to its field or is not; more and less mean nothing.
    private func requireField(
        _ field: RuleField, _ part: Part, _ comparison: RuleComparison, name: Part
    ) throws(RuleError) {
        guard part.kind == .number, expression.nodes[part.node].operation == .field(field) else {
            throw error(
                at: name.offset, found: Self.words(name.kind), expected: "it beside \(field.name), its field, alone")
        }
        guard comparison == .equal || comparison == .different else {
            throw error(
                at: name.offset, found: "\"\(comparison.symbol)\" with \(Self.words(name.kind))",
                expected: "\"==\" or \"!=\"")
        }
    }

    private static func words(_ kind: RuleExpression.Kind) -> String {
        switch kind {
        case .number: "a number"
        case .condition: "a condition"
        case .name(let field): "a name of \(field.name)"
        }
    }
}
