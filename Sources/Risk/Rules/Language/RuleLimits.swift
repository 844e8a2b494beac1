/// How large a rule may be. Whatever a user sends, reading it takes less than a millisecond and running it less than
/// `operations` operations: what is larger is refused with the number.
public enum RuleLimits {
    /// UTF-8 bytes of a rule's text: a screen full, and four times what 32 operations need.
    public static let textBytes = 4_096
    public static let nameBytes = 32
    /// Open parentheses, `not` and signs around one value: bounds the parser's recursion.
    public static let nesting = 32
    /// Values and operators of an expression before it is simplified.
    public static let nodes = 256
    /// Of a compiled rule.
    @inlinable public static var operations: Int { 32 }
    /// Values a compiled rule can keep at once: of 17 it would take 16 more operations to make one, 33 together.
    @inlinable public static var stack: Int { operations / 2 }
    /// Every field is within ±2⁶⁰; the gate clamps what is not.
    @inlinable public static var fieldMagnitude: Int64 { 1 << 60 }
    /// Sum of the absolute factors of a linear operation: 7 × 2⁶⁰ is below 2⁶³, so that it cannot overflow.
    @inlinable public static var factors: Int64 { 7 }
}
