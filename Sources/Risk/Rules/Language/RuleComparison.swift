/// How two numbers are compared.
public enum RuleComparison: UInt8, CaseIterable, Sendable {
    case less = 0
    case lessOrEqual = 1
    case greater = 2
    case greaterOrEqual = 3
    case equal = 4
    case different = 5

    public var symbol: String {
        switch self {
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .equal: "=="
        case .different: "!="
        }
    }

    /// What holds of (b, a) when this holds of (a, b).
    var swapped: RuleComparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .different: self
        }
    }
}
