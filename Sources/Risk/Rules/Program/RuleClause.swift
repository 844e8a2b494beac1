/// A condition of a sum as the gate evaluates it: three loads, a sum, one unsigned comparison, no branch.
///
/// Every condition of a sum is a range, which may go around the end of the numbers: `sum > c` is c + 1 … Int64.max,
/// `sum != c` is everything from c + 1 around to c − 1. 32 bytes, two in a cache line.
@frozen @usableFromInline struct RuleClause: BitwiseCopyable {
    @usableFromInline let lowest: Int64
    /// How many numbers above `lowest` are in the range.
    @usableFromInline let width: UInt64
    @usableFromInline let firstField: UInt8
    @usableFromInline let secondField: UInt8
    @usableFromInline let thirdField: UInt8
    /// 1: the last condition of its group.
    @usableFromInline let ends: UInt8
    @usableFromInline let firstFactor: Int8
    @usableFromInline let secondFactor: Int8
    @usableFromInline let thirdFactor: Int8
    /// Of the rule, for the way back from a breach.
    @usableFromInline let identifier: UInt32

    /// - Parameter operation: a verified condition of a sum.
    @usableFromInline init(_ operation: RuleOperation, identifier: UInt32 = 0) {
        let constant = operation.constant
        let doubled = UInt64(bitPattern: constant &<< 1)
        switch RuleOperation.Code(rawValue: operation.code) {
        case .above:
            lowest = constant &+ 1
            width = UInt64(bitPattern: .max &- lowest)
        case .notAbove:
            lowest = .min
            width = UInt64(bitPattern: constant &- .min)
        case .different:
            lowest = constant &+ 1
            width = .max &- 1
        case .magnitudeAbove:
            lowest = constant &+ 1
            width = .max &- doubled &- 1
        case .magnitudeNotAbove:
            lowest = 0 &- constant
            width = doubled
        default:
            lowest = constant
            width = 0
        }
        firstField = operation.firstField
        secondField = operation.secondField
        thirdField = operation.thirdField
        firstFactor = operation.firstFactor
        secondFactor = operation.secondFactor
        thirdFactor = operation.thirdFactor
        ends = operation.group == RuleOperation.Group.ends.rawValue ? 1 : 0
        self.identifier = identifier
    }

    /// 1 when the sum is in the range.
    @inlinable @inline(__always) func holds(_ fields: UnsafePointer<Int64>) -> UInt8 {
        let sum =
            fields[Int(firstField)] &* Int64(firstFactor)
            &+ fields[Int(secondField)] &* Int64(secondFactor)
            &+ fields[Int(thirdField)] &* Int64(thirdFactor)
        return UInt64(bitPattern: sum &- lowest) <= width ? 1 : 0
    }
}
