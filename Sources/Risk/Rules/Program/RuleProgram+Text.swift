/// The text of a program: a condition in the language of rules that compiles to the same verdicts, for the audit trail. Of
/// a program that the compiler made it compiles to the same operations.
extension RuleProgram: CustomStringConvertible {
    public var description: String { "\(isGroups ? groupsText : stackText) → reject" }

    private var groupsText: String {
        var groups: [[String]] = [[]]
        for operation in operations {
            groups[groups.count - 1].append(Piece(clause: operation).text)
            if operation.group == RuleOperation.Group.ends.rawValue { groups.append([]) }
        }
        return groups.dropLast().map { $0.joined(separator: " and ") }.joined(separator: " or ")
    }

    /// Operations of a stack machine are an expression written behind its operands.
    private var stackText: String {
        var stack: [Piece] = []
        for operation in operations {
            guard let code = RuleOperation.Code(rawValue: operation.code) else { break }
            let operands = code.isLinear ? 0 : code.isUnary ? 1 : 2
            guard stack.count >= operands else { break }
            let taken = Array(stack.suffix(operands))
            stack.removeLast(operands)
            stack.append(Piece(operation, code, taken))
        }
        return stack.last?.text ?? ""
    }
}

extension RuleOperation.Code {
    fileprivate var isUnary: Bool { [.divide, .negate, .absolute, .not].contains(self) }
}

/// A part of the text, and how strongly it binds.
private struct Piece {
    private enum Strength: Int, Comparable {
        case or, and, not, comparison, sum, product, sign, value
        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    let text: String
    private let strength: Strength

    private init(_ text: String, _ strength: Strength) {
        self.text = text
        self.strength = strength
    }

    init(_ operation: RuleOperation, _ code: RuleOperation.Code, _ operands: [Piece]) {
        if let comparison = code.comparison {
            self.init(joining: operands, comparison.symbol, .comparison, left: .sum, right: .sum)
            return
        }
        switch code {
        case .linear: self.init(sum: operation, constant: operation.constant)
        case .add: self.init(joining: operands, "+", .sum, left: .sum, right: .product)
        case .subtract: self.init(joining: operands, "-", .sum, left: .sum, right: .product)
        case .multiply: self.init(joining: operands, "*", .product, left: .product, right: .sign)
        case .divide: self.init("\(operands[0].within(.product)) / \(operation.constant)", .product)
        case .negate: self.init("-\(operands[0].within(.sign))", .sign)
        case .absolute: self.init("abs(\(operands[0].text))", .value)
        case .minimum: self.init("min(\(operands[0].text), \(operands[1].text))", .value)
        case .maximum: self.init("max(\(operands[0].text), \(operands[1].text))", .value)
        case .and: self.init(joining: operands, "and", .and, left: .and, right: .not)
        case .or: self.init(joining: operands, "or", .or, left: .or, right: .and)
        case .not: self.init("not \(operands[0].within(.not))", .not)
        default: self.init(clause: operation)
        }
    }

    private init(joining operands: [Piece], _ sign: String, _ strength: Strength, left: Strength, right: Strength) {
        self.init("\(operands[0].within(left)) \(sign) \(operands[1].within(right))", strength)
    }

    private func within(_ least: Strength) -> String { strength < least ? "(\(text))" : text }

    /// A condition of a sum.
    init(clause operation: RuleOperation) {
        let sum = Piece(sum: operation, constant: 0).text
        let text =
            switch RuleOperation.Code(rawValue: operation.code) {
            case .above: "\(sum) > \(Self.constant(operation))"
            case .notAbove: "\(sum) <= \(Self.constant(operation))"
            case .different: "\(sum) != \(Self.constant(operation))"
            case .magnitudeAbove: "abs(\(sum)) > \(operation.constant)"
            case .magnitudeNotAbove: "abs(\(sum)) <= \(operation.constant)"
            default: "\(sum) == \(Self.constant(operation))"
            }
        self.init(text, .comparison)
    }

    /// With the word for it where a field has one, and times of day as such.
    private static func constant(_ operation: RuleOperation) -> String {
        let constant = operation.constant
        guard operation.terms.count == 1, operation.firstFactor == 1,
            let field = RuleField(rawValue: operation.firstField)
        else { return "\(constant)" }
        if field == .timeOfDay, (0..<86_400).contains(constant) {
            return [constant / 3_600, constant / 60 % 60, constant % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
                .joined(separator: ":")
        }
        let isName = [.equal, .different].contains(RuleOperation.Code(rawValue: operation.code))
        return (isName ? RuleName.of(field, constant)?.text : nil) ?? "\(constant)"
    }

    private init(sum operation: RuleOperation, constant: Int64) {
        var text = ""
        for (field, factor) in operation.terms {
            let name = RuleField(rawValue: field)?.name ?? ""
            let magnitude = Int(factor).magnitude
            let sign = text.isEmpty ? (factor < 0 ? "-" : "") : factor < 0 ? " - " : " + "
            text += sign + (magnitude == 1 ? name : "\(magnitude) * \(name)")
        }
        let terms = operation.terms
        if terms.isEmpty {
            self.init("\(constant)", constant < 0 ? .sign : .value)
        } else if constant != 0 {
            self.init(text + (constant < 0 ? " - " : " + ") + "\(constant.magnitude)", .sum)
        } else if terms.count > 1 {
            self.init(text, .sum)
        } else {
            self.init(text, terms[0].factor == 1 ? .value : terms[0].factor == -1 ? .sign : .product)
        }
    }
}
