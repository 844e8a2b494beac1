/// Whose orders a rule is for, and in which instrument.
@frozen public struct RuleScope: BitwiseCopyable, Sendable, Hashable {
    /// Raw values are part of the journal: never renumber.
    @frozen public enum Kind: UInt8, CaseIterable, Sendable {
        /// Everybody's orders.
        case any = 0
        case session = 1
        case account = 2
        case firm = 3
    }

    public var kind: Kind
    /// Identifier of the session, account or firm, not 0; of `any` 0.
    public var number: UInt32
    /// Identifier of the instrument; 0: all.
    public var instrument: UInt32

    @inlinable public init(_ kind: Kind = .any, _ number: UInt32 = 0, instrument: UInt32 = 0) {
        self.kind = kind
        self.number = number
        self.instrument = instrument
    }

    public var isValid: Bool { (kind == .any) == (number == 0) }

    /// Kind, and whether it is for one instrument: an order has one scope of each of the eight classes.
    @inlinable var scopeClass: Int { Int(kind.rawValue) &* 2 &+ (instrument == 0 ? 0 : 1) }
    @inlinable static var classCount: Int { 8 }
}
