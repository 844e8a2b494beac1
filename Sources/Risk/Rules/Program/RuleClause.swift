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
    /// 1: the condition after it is of the same group; 0: it is the last.
    @usableFromInline let goesOn: UInt8
    @usableFromInline let firstFactor: Int8
    @usableFromInline let secondFactor: Int8
    @usableFromInline let thirdFactor: Int8
    /// Of the rule, for the way back from a breach.
    @usableFromInline let identifier: UInt32

    /// - Parameter operation: a verified condition of a sum.
    init(_ operation: RuleOperation, identifier: UInt32 = 0) {
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
        goesOn = operation.group == RuleOperation.Group.goesOn.rawValue ? 1 : 0
        self.identifier = identifier
    }

    /// Whether it is a field by itself in a range, as most are.
    var isOneField: Bool { firstFactor == 1 && secondFactor == 0 }

    /// 0 when the sum is in the range, else 1.
    @inlinable @inline(__always) func misses(_ fields: UnsafePointer<Int64>) -> UInt64 {
        let sum =
            fields[Int(firstField)] &* Int64(firstFactor)
            &+ fields[Int(secondField)] &* Int64(secondFactor)
            &+ fields[Int(thirdField)] &* Int64(thirdFactor)
        return UInt64(bitPattern: sum &- lowest) > width ? 1 : 0
    }

    /// The same of a clause with `isOneField`, in half the time.
    @inlinable @inline(__always) func missesOneField(_ fields: UnsafePointer<Int64>) -> UInt64 {
        UInt64(bitPattern: fields[Int(firstField)] &- lowest) > width ? 1 : 0
    }
}

/// Goes through clauses, group by group; two operations from one clause to the next, whatever the fields are.
@frozen @usableFromInline struct RuleGroupState {
    /// 1: a condition of this group did not hold.
    @usableFromInline var isMissed: UInt64 = 0
    /// 1: all of a group held.
    @usableFromInline var isBreached: UInt64 = 0

    @inlinable init() {}

    @inlinable @inline(__always) mutating func take(_ misses: UInt64, goesOn: UInt8) {
        isMissed |= misses
        isBreached |= (isMissed | UInt64(goesOn)) ^ 1
        isMissed &= UInt64(goesOn)
    }
}
