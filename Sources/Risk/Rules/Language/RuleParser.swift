/// Reads a rule: recursive descent, one function per line of the grammar in README.md, types checked on the way.
struct RuleParser {
    /// A part of the expression: its node, what it gives, and where it begins.
    struct Part {
        let node: Int
        let kind: RuleExpression.Kind
        let offset: Int
    }

    private var lexer: RuleLexer
    private(set) var token: RuleToken
    private(set) var expression: RuleExpression
    private let instrument: (String) -> UInt32?
    private var depth = 0

    init(_ text: String, instrument: @escaping (String) -> UInt32?) throws(RuleError) {
        lexer = try RuleLexer(text)
        token = try lexer.next()
        expression = RuleExpression(text: lexer.text)
        self.instrument = instrument
    }

    /// rule = [ name ":" ] condition ( "→" | "->" ) "reject"
    mutating func rule() throws(RuleError) -> String? {
        let name = try self.name()
        let condition = try disjunction()
        guard token.kind == .sign(.arrow) || token.kind == .sign(.rightArrow) else {
            throw unexpected("an operator or \"→ reject\"")
        }
        try require(condition, .condition)
        try advance()
        guard token.kind == .word("reject") else { throw unexpected("\"reject\"") }
        try advance()
        guard token.kind == .end else { throw unexpected("nothing behind \"reject\"") }
        return name
    }

    private mutating func name() throws(RuleError) -> String? {
        guard case .word(let name) = token.kind, !RuleToken.keywords.contains(name) else { return nil }
        var ahead = lexer
        guard (try? ahead.next())?.kind == .sign(.colon) else { return nil }
        guard name.utf8.count <= RuleLimits.nameBytes else {
            throw error(
                at: token.range.lowerBound, found: "a name of \(name.utf8.count) characters",
                expected: "at most \(RuleLimits.nameBytes)")
        }
        try advance()
        try advance()
        return name
    }

    // MARK: Conditions

    /// disjunction = conjunction { "or" conjunction }
    mutating func disjunction() throws(RuleError) -> Part {
        var left = try conjunction()
        while token.kind == .word("or") {
            try require(left, .condition)
            let offset = try operatorOffset()
            let right = try conjunction()
            try require(right, .condition)
            left = try add(.or, left, right, at: offset, .condition)
        }
        return left
    }

    /// conjunction = negation { "and" negation }
    private mutating func conjunction() throws(RuleError) -> Part {
        var left = try negation()
        while token.kind == .word("and") {
            try require(left, .condition)
            let offset = try operatorOffset()
            let right = try negation()
            try require(right, .condition)
            left = try add(.and, left, right, at: offset, .condition)
        }
        return left
    }

    /// negation = "not" negation | comparison
    private mutating func negation() throws(RuleError) -> Part {
        guard token.kind == .word("not") else { return try comparison() }
        try enter()
        defer { depth -= 1 }
        let offset = try operatorOffset()
        let operand = try negation()
        try require(operand, .condition)
        return try add(.not, operand, nil, at: offset, .condition)
    }

    /// comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum ]
    private mutating func comparison() throws(RuleError) -> Part {
        let left = try sum()
        guard case .sign(let sign) = token.kind, let comparison = RuleComparison(sign) else { return left }
        let offset = try operatorOffset()
        let right = try sum()
        try requireComparable(left, comparison, right)
        if case .sign(let next) = token.kind, RuleComparison(next) != nil {
            throw unexpected("\"and\" between two comparisons")
        }
        return try add(.compare(comparison), left, right, at: offset, .condition)
    }

    // MARK: The way through the text

    mutating func advance() throws(RuleError) { token = try lexer.next() }

    /// Where the operator stands that is taken.
    mutating func operatorOffset() throws(RuleError) -> Int {
        let offset = token.range.lowerBound
        try advance()
        return offset
    }

    mutating func enter() throws(RuleError) {
        depth += 1
        guard depth <= RuleLimits.nesting else {
            throw error(
                at: token.range.lowerBound, found: "more than \(RuleLimits.nesting) levels of nesting",
                expected: "fewer parentheses, \"not\" and signs; split the rule")
        }
    }

    mutating func leave() { depth -= 1 }

    mutating func add(
        _ operation: RuleExpression.Operation, _ left: Part?, _ right: Part?, at offset: Int,
        _ kind: RuleExpression.Kind
    ) throws(RuleError) -> Part {
        guard expression.nodes.count < RuleLimits.nodes else {
            throw error(
                at: offset, found: "more than \(RuleLimits.nodes) values and operators",
                expected: "a shorter condition; split the rule")
        }
        expression.nodes.append(
            RuleExpression.Node(operation: operation, left: left?.node ?? -1, right: right?.node ?? -1, offset: offset))
        return Part(node: expression.nodes.count - 1, kind: kind, offset: left?.offset ?? offset)
    }

    func identifier(of symbol: String) -> UInt32? { instrument(symbol) }

    // MARK: Errors

    func error(at offset: Int, found: String, expected: String) -> RuleError {
        lexer.error(at: offset, found: found, expected: expected)
    }

    func unexpected(_ expected: String) -> RuleError {
        let text = String(decoding: lexer.text[token.range], as: UTF8.self)
        return error(
            at: token.range.lowerBound, found: token.kind == .end ? "the end" : "\"\(text)\"", expected: expected)
    }
}
