import Runtime

extension SplitMix64 {
    /// A number below `bound`, which is above 0.
    public mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
