/// A word, number or sign of a rule's text.
struct RuleToken: Equatable {
    enum Kind: Equatable {
        case number(Int64)
        case word(String)
        /// An instrument's symbol, without its quotation marks.
        case symbol(String)
        case sign(Sign)
        case end
    }

    enum Sign: String, CaseIterable {
        // Longer ones first: the first that fits is taken.
        case rightArrow = "→"
        case arrow = "->"
        case equal = "=="
        case different = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case opening = "("
        case closing = ")"
        case comma = ","
        case colon = ":"
    }

    let kind: Kind
    /// UTF-8 bytes of the text.
    let range: Range<Int>

    /// Words that cannot name a rule.
    static let keywords: Set<String> = ["and", "or", "not", "abs", "min", "max", "reject"]
}

extension RuleComparison {
    init?(_ sign: RuleToken.Sign) {
        guard let comparison = Self.allCases.first(where: { $0.symbol == sign.rawValue }) else { return nil }
        self = comparison
    }
}
