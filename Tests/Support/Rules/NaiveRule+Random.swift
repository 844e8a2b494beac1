import Risk
import Runtime

/// Random rules and orders. Numbers are small and alike, so that comparisons turn out both ways, or at the ends of their
/// range.
extension NaiveRule {
    /// A condition.
    public static func random(_ random: inout SplitMix64, depth: Int = 4) -> NaiveRule {
        if depth > 0, random.next(below: 3) > 0 {
            let left = Self.random(&random, depth: depth - 1)
            switch random.next(below: 5) {
            case 0, 1: return .and(left, Self.random(&random, depth: depth - 1))
            case 2, 3: return .or(left, Self.random(&random, depth: depth - 1))
            default: return .not(left)
            }
        }
        if random.next(below: 8) == 0, let name = RuleName.all.randomElement(using: &random) {
            return .compare(.field(name.field), random.next(below: 2) == 0 ? .equal : .different, .name(name))
        }
        let comparison = RuleComparison.allCases[random.next(below: 6)]
        let right = random.next(below: 3) == 0 ? number(&random, depth: 1) : .number(constant(&random))
        return .compare(number(&random, depth: 2), comparison, right)
    }

    private static func number(_ random: inout SplitMix64, depth: Int) -> NaiveRule {
        if depth == 0 || random.next(below: 4) == 0 {
            return random.next(below: 4) == 0 ? .number(constant(&random)) : .field(field(&random))
        }
        let left = number(&random, depth: depth - 1)
        switch random.next(below: 16) {
        case 0...5: return .add(left, number(&random, depth: depth - 1))
        case 6...8: return .subtract(left, number(&random, depth: depth - 1))
        case 9: return .negate(left)
        case 10: return .absolute(left)
        case 11: return .multiply(left, number(&random, depth: depth - 1))
        case 12: return .multiply(.number(Int64(random.next(below: 9)) - 4), left)
        case 13:
            let divisor = constant(&random)
            return .divide(left, divisor == 0 ? -1 : divisor)
        case 14: return .minimum(left, number(&random, depth: depth - 1))
        default: return .maximum(left, number(&random, depth: depth - 1))
        }
    }

    /// Few of them, so that one comes up twice in a sum.
    private static func field(_ random: inout SplitMix64) -> RuleField {
        let few: [RuleField] = [.price, .quantity, .position, .openBuy, .side]
        return random.next(below: 3) > 0
            ? few[random.next(below: few.count)]
            : RuleField.allCases[
                random.next(below: RuleField.count)]
    }

    private static func constant(_ random: inout SplitMix64) -> Int64 {
        switch random.next(below: 24) {
        case 0: (random.next(below: 2) == 0 ? 1 : -1) * (RuleLimits.fieldMagnitude + Int64(random.next(below: 3)) - 1)
        case 1: (random.next(below: 2) == 0 ? 1 : -1) * (Int64.max - Int64(random.next(below: 2)))
        case 2: Int64(truncatingIfNeeded: random.next() >> 1)
        default: Int64(random.next(below: 21)) - 10
        }
    }

    /// The fields of an order, within their bound.
    public static func randomFields(_ random: inout SplitMix64) -> [Int64] {
        let most = RuleLimits.fieldMagnitude
        return (0..<RuleField.count).map { _ in
            switch random.next(below: 12) {
            case 0: most - Int64(random.next(below: 2))
            case 1: -most + Int64(random.next(below: 2))
            case 2: Int64(truncatingIfNeeded: random.next()) % (most + 1)
            default: Int64(random.next(below: 21)) - 10
            }
        }
    }
}
