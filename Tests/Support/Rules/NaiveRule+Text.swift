import Risk

/// The text of a tree with no more parentheses than the grammar asks for.
extension NaiveRule {
    public var text: String { "\(condition) → reject" }

    public var condition: String { text(within: 0) }

    /// or 0, and 1, not 2, comparison 3, sum 4, product 5, sign 6, value 7.
    private var strength: Int {
        switch self {
        case .or: 0
        case .and: 1
        case .not: 2
        case .compare: 3
        case .add, .subtract: 4
        case .multiply, .divide: 5
        case .negate: 6
        case .number(let number): number < 0 ? 6 : 7
        case .name, .field, .absolute, .minimum, .maximum: 7
        }
    }

    private func text(within least: Int) -> String { strength < least ? "(\(written))" : written }

    private var written: String {
        switch self {
        case .number(let number): "\(number)"
        case .name(let name): name.text
        case .field(let field): field.name
        case .negate(let operand): "-\(operand.text(within: 6))"
        case .absolute(let operand): "abs(\(operand.text(within: 4)))"
        case .add(let left, let right): "\(left.text(within: 4)) + \(right.text(within: 5))"
        case .subtract(let left, let right): "\(left.text(within: 4)) - \(right.text(within: 5))"
        case .multiply(let left, let right): "\(left.text(within: 5)) * \(right.text(within: 6))"
        case .divide(let dividend, let divisor): "\(dividend.text(within: 5)) / \(divisor)"
        case .minimum(let left, let right): "min(\(left.text(within: 4)), \(right.text(within: 4)))"
        case .maximum(let left, let right): "max(\(left.text(within: 4)), \(right.text(within: 4)))"
        case .compare(let left, let comparison, let right):
            "\(left.text(within: 4)) \(comparison.symbol) \(right.text(within: 4))"
        case .and(let left, let right): "\(left.text(within: 1)) and \(right.text(within: 2))"
        case .or(let left, let right): "\(left.text(within: 0)) or \(right.text(within: 1))"
        case .not(let operand): "not \(operand.text(within: 2))"
        }
    }
}
