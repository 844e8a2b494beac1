/// The enabled rules of one scope, ready to be evaluated: their clauses lie together, as do the rules for the machine.
@frozen @usableFromInline struct RuleRun: BitwiseCopyable {
    @usableFromInline var number: UInt32 = 0
    @usableFromInline var instrument: UInt32 = 0
    /// `RuleScope.scopeClass` and 1; 0: an empty place.
    @usableFromInline var key: UInt32 = 0
    @usableFromInline var firstClause: UInt32 = 0
    @usableFromInline var clauseCount: UInt32 = 0
    @usableFromInline var firstMachine: UInt32 = 0
    @usableFromInline var machineCount: UInt32 = 0
    /// Of all its rules.
    @usableFromInline var cost: UInt32 = 0

    @usableFromInline init() {}

    init(_ scope: RuleScope) {
        number = scope.number
        instrument = scope.instrument
        key = UInt32(scope.scopeClass) &+ 1
    }

    @inlinable @inline(__always) static func hash(_ key: UInt32, _ number: UInt32, _ instrument: UInt32) -> UInt32 {
        let mixed = (number &* 0x9E37_79B1) ^ (instrument &* 0x85EB_CA77) ^ (key &* 0xC2B2_AE3D)
        return mixed ^ (mixed &>> 15)
    }
}
