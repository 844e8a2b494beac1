/// One record of a custom rule on its way to the risk gate, a command of kind `rule`: one operation of a compiled rule, or a
/// word on a rule that is there.
///
/// | Offset | Field of the record | Meaning |
/// |---|---|---|
/// | 24, 32 | `clientOrderID`, `originalClientOrderID` | the operation's sixteen bytes, of `put` |
/// | 40 | `price` | the rule's identifier, not 0, in the low half; the number of its scope in the high half |
/// | 48 | `quantity` | of `put`: place of the operation in bits 0–7, how many there are in bits 8–15; the kind of scope in bits 16–23 |
/// | 56 | `instrument` | the rule is for this one alone; 0: for all |
/// | 63 | `flags` | `Action` |
@frozen public struct RuleRecord: BitwiseCopyable, Sendable, Equatable {
    @frozen public enum Action: UInt8, CaseIterable, Sendable {
        /// Adds a rule, or takes the place of the one of its identifier, when its last operation is there.
        case put = 0
        case remove = 1
        case enable = 2
        case disable = 3
    }

    public var action: Action
    public var identifier: UInt32
    public var scopeKind: UInt8
    public var scopeNumber: UInt32
    public var instrument: UInt32
    public var place: UInt8
    public var count: UInt8
    public var operation: (UInt64, UInt64)

    public init(
        _ action: Action, _ identifier: UInt32, scopeKind: UInt8 = 0, scopeNumber: UInt32 = 0, instrument: UInt32 = 0,
        place: UInt8 = 0, count: UInt8 = 0, operation: (UInt64, UInt64) = (0, 0)
    ) {
        self.action = action
        self.identifier = identifier
        self.scopeKind = scopeKind
        self.scopeNumber = scopeNumber
        self.instrument = instrument
        self.place = place
        self.count = count
        self.operation = operation
    }

    /// Nil when the record says nothing.
    public init?(_ command: Command) {
        guard let action = Action(rawValue: command.flags) else { return nil }
        let scope = UInt64(bitPattern: command.price)
        self.init(
            action, UInt32(truncatingIfNeeded: scope), scopeKind: UInt8(truncatingIfNeeded: command.quantity >> 16),
            scopeNumber: UInt32(truncatingIfNeeded: scope >> 32), instrument: command.instrument,
            place: UInt8(truncatingIfNeeded: command.quantity), count: UInt8(truncatingIfNeeded: command.quantity >> 8),
            operation: (command.clientOrderID, command.originalClientOrderID))
    }

    public static func == (one: RuleRecord, other: RuleRecord) -> Bool { Command(one) == Command(other) }
}

extension Command {
    public init(_ rule: RuleRecord) {
        self.init(
            kind: .rule, clientOrderID: rule.operation.0, originalClientOrderID: rule.operation.1,
            price: Int64(bitPattern: UInt64(rule.identifier) | UInt64(rule.scopeNumber) << 32),
            quantity: UInt32(rule.place) | UInt32(rule.count) << 8 | UInt32(rule.scopeKind) << 16,
            instrument: rule.instrument, flags: rule.action.rawValue)
    }
}
