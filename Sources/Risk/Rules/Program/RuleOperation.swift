/// One step of a compiled rule: 16 bytes, little endian, as it lies in the command log.
///
/// | Offset | Field | linear operations (`above` … `linear`) | other operations |
/// |---|---|---|---|
/// | 0 | `code` | `Code` | `Code` |
/// | 1–3 | `firstField`, `secondField`, `thirdField` | `RuleField`, each at most once; 0 where the factor is 0 | 0 |
/// | 4–6 | `firstFactor`, `secondFactor`, `thirdFactor` | not 0 for the fields there are, which come first | 0 |
/// | 7 | `group` | `Group` | 0 |
/// | 8 | `constant` | compared with or added to the sum | the divisor of `divide`, else 0 |
///
/// The sum of a linear operation is factor × field, added up. Raw bytes from outside mean something only after
/// `RuleProgram.init(verifying:)`.
@frozen public struct RuleOperation: BitwiseCopyable, Sendable, Equatable {
    public var code: UInt8
    public var firstField: UInt8 = 0
    public var secondField: UInt8 = 0
    public var thirdField: UInt8 = 0
    public var firstFactor: Int8 = 0
    public var secondFactor: Int8 = 0
    public var thirdFactor: Int8 = 0
    public var group: UInt8 = 0
    public var constant: Int64 = 0

    /// What a step does. A stack machine: operands are the topmost values, and the result takes their place. Raw values
    /// are part of the journal: never renumber.
    @frozen public enum Code: UInt8, CaseIterable, Sendable {
        /// No operation: the bytes of an empty record.
        case none = 0
        // Conditions of a sum, which cannot fail.
        /// sum > constant
        case above = 1
        /// sum ≤ constant
        case notAbove = 2
        case equal = 3
        case different = 4
        /// |sum| > constant
        case magnitudeAbove = 5
        case magnitudeNotAbove = 6
        /// The number sum + constant.
        case linear = 7
        // Numbers; an overflow makes the rule not evaluable.
        case add = 8
        case subtract = 9
        case multiply = 10
        /// By the constant, towards zero.
        case divide = 11
        case negate = 12
        case absolute = 13
        case minimum = 14
        case maximum = 15
        // Conditions of two numbers, in the order of `RuleComparison`.
        case isLess = 16
        case isLessOrEqual = 17
        case isGreater = 18
        case isGreaterOrEqual = 19
        case isEqual = 20
        case isDifferent = 21
        // Conditions of conditions
        case and = 22
        case or = 23
        case not = 24

        /// A condition of a sum.
        var isClause: Bool { (Self.above.rawValue...Self.magnitudeNotAbove.rawValue).contains(rawValue) }
        var isLinear: Bool { isClause || self == .linear }

        var comparison: RuleComparison? {
            rawValue < Self.isLess.rawValue ? nil : RuleComparison(rawValue: rawValue - Self.isLess.rawValue)
        }

        init(_ comparison: RuleComparison) {
            self = Code(rawValue: Self.isLess.rawValue + comparison.rawValue).unsafelyUnwrapped
        }
    }

    /// Where a step stands in a program of groups: a rule that is an "or" of "and"s of conditions of sums, which needs no
    /// stack and is evaluated without a branch.
    @frozen public enum Group: UInt8, Sendable {
        /// A step of the stack machine.
        case none = 0
        /// The condition after this one must hold too.
        case goesOn = 1
        /// The last condition of its group; the next one begins another.
        case ends = 2
    }

    @inlinable public init(_ code: Code, constant: Int64 = 0) {
        self.code = code.rawValue
        self.constant = constant
    }

    /// The code of a verified operation, without asking again whether there is one: codes count up from 0 without gaps, so
    /// the byte is the case.
    @inline(__always) var verifiedCode: Code { unsafeBitCast(code, to: Code.self) }

    /// Fields and factors of a linear operation, those with factor 0 left out.
    var terms: [(field: UInt8, factor: Int8)] {
        [(firstField, firstFactor), (secondField, secondFactor), (thirdField, thirdFactor)].filter { $0.1 != 0 }
    }

    /// Bits of the fields it reads.
    var neededFields: UInt64 { terms.reduce(0) { $0 | 1 &<< UInt64($1.field) } }
}
