/// The enabled rules of one scope, ready to be evaluated: first the groups of clauses of one field, behind them the other
/// groups, and the rules for the machine elsewhere. Where the groups of a rule stand does not matter: one is enough.
@frozen @usableFromInline struct RuleRun: BitwiseCopyable {
    @usableFromInline var number: UInt32 = 0
    @usableFromInline var instrument: UInt32 = 0
    @usableFromInline var firstClause: UInt32 = 0
    /// The first clause of the other groups.
    @usableFromInline var firstSum: UInt32 = 0
    @usableFromInline var endOfClauses: UInt32 = 0
    @usableFromInline var firstMachine: UInt32 = 0
    /// Of all its rules.
    @usableFromInline var cost: UInt32 = 0
    @usableFromInline var machineCount: UInt16 = 0
    /// `RuleScope.scopeClass` and 1; 0: an empty place.
    @usableFromInline var key: UInt8 = 0

    @usableFromInline init() {}

    init(_ scope: RuleScope) {
        number = scope.number
        instrument = scope.instrument
        key = UInt8(scope.scopeClass &+ 1)
    }

    @inlinable @inline(__always) static func hash(_ key: UInt8, _ number: UInt32, _ instrument: UInt32) -> UInt32 {
        let mixed = (number ^ (instrument &<< 16 | instrument &>> 16) ^ UInt32(key) &<< 12) &* 0x9E37_79B1
        return mixed ^ (mixed &>> 15)
    }
}
