/// How often a packet suffers each fault of a bad wire, as a probability 0…1.
public struct FaultRates: Equatable, Sendable {
    /// The packet is gone.
    public var drop: Double
    /// A copy follows it.
    public var duplicate: Double
    /// The packet that comes after it goes first.
    public var reorder: Double
    /// One bit is flipped.
    public var corrupt: Double
    /// Its end is cut off; at least one byte stays.
    public var truncate: Double

    public init(
        drop: Double = 0, duplicate: Double = 0, reorder: Double = 0, corrupt: Double = 0, truncate: Double = 0
    ) {
        for rate in [drop, duplicate, reorder, corrupt, truncate] {
            precondition((0...1).contains(rate), "fault rate \(rate) is outside 0…1")
        }
        self.drop = drop
        self.duplicate = duplicate
        self.reorder = reorder
        self.corrupt = corrupt
        self.truncate = truncate
    }
}

/// What a bad wire does to one packet.
public struct PacketFaults: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let drop = PacketFaults(rawValue: 1)
    public static let duplicate = PacketFaults(rawValue: 2)
    public static let reorder = PacketFaults(rawValue: 4)
    public static let corrupt = PacketFaults(rawValue: 8)
    public static let truncate = PacketFaults(rawValue: 16)
}

/// Decides what one direction of a bad wire does to each packet, for tests and load generators: the same seed and rates
/// give the same faults.
///
/// Every packet takes five random numbers, whatever becomes of it, so that one fault's rate does not move the others.
public struct SeededFaults: Sendable {
    private let rates: FaultRates
    private var random: SplitMix64

    public init(_ rates: FaultRates, seed: UInt64) {
        self.rates = rates
        random = SplitMix64(seed: seed)
    }

    /// The faults of the next packet, each by its own chance: who does them says which goes before which.
    public mutating func next() -> PacketFaults {
        var faults: PacketFaults = []
        if happens(rates.drop) { faults.insert(.drop) }
        if happens(rates.duplicate) { faults.insert(.duplicate) }
        if happens(rates.reorder) { faults.insert(.reorder) }
        if happens(rates.corrupt) { faults.insert(.corrupt) }
        if happens(rates.truncate) { faults.insert(.truncate) }
        return faults
    }

    /// 53 bits, the precision of a Double.
    private mutating func happens(_ probability: Double) -> Bool {
        Double(random.next() >> 11) * 0x1p-53 < probability
    }
}
