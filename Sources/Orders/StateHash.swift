/// A 64-bit hash that names a state or a stream of events: equal inputs in equal order give equal hashes on every
/// machine and build.
///
/// Each word goes through one multiply-xor-shift round (the finaliser of SplitMix64, Steele et al. 2014,
/// DOI 10.1145/2660193.2660195), chained. It finds accidents, not attackers.
@frozen public struct StateHash: Sendable, Equatable {
    public private(set) var value: UInt64

    @inlinable public init() { self.init(value: 0x5769_7373_656C_0001) }

    @usableFromInline init(value: UInt64) { self.value = value }

    @inlinable public mutating func combine(_ word: UInt64) { self = StateHash(value: Self.round(value, word)) }

    @inlinable public mutating func combine(_ word: Int64) { combine(UInt64(bitPattern: word)) }

    /// That of SplitMix64: 2⁶⁴ by the golden ratio.
    @inlinable static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

    @inlinable static func round(_ state: UInt64, _ word: UInt64) -> UInt64 {
        var mixed = state &+ increment ^ word
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Takes in the twelve words of a report, except the marks added on its way out (`flags`).
    ///
    /// Each word has a round of its own, from a start of its own, and only their sum is chained: the rounds do not wait for
    /// each other, and a report costs a fifth of twelve chained ones.
    @inlinable public mutating func combine(_ report: borrowing ExecutionReport) {
        var copy = copy report
        copy.flags = ExecutionReport.Flags(rawValue: copy.flags.rawValue & ExecutionReport.Flags.aggressor.rawValue)
        withUnsafeBytes(of: &copy) { bytes in
            var sum: UInt64 = 0
            var start: UInt64 = 0
            for offset in stride(from: 0, to: MemoryLayout<ExecutionReport>.size, by: 8) {
                sum &+= Self.round(
                    start, UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                start &+= Self.increment
            }
            self = StateHash(value: Self.round(value, sum))
        }
    }
}
