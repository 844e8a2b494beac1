/// How an incoming order's quantity is shared among the orders of one price level (CME: FIX tag 1142).
@frozen public enum MatchingAlgorithm: UInt8, CaseIterable, Sendable {
    /// F: first in, first out.
    case fifo = 0
    /// A: the top order, then pro-rata, then FIFO.
    case allocation = 1
    /// C: pro-rata, then FIFO.
    case proRata = 2
    /// K: top order, market makers, a FIFO part and a pro-rata part, leveling, FIFO; each as its parameter says.
    case configurable = 3
    /// O: top order, pro-rata of at least a threshold, FIFO.
    case thresholdTop = 4
    /// Q: market makers, pro-rata of at least a threshold, FIFO.
    case thresholdMarketMaker = 5
    /// S: top order, market makers, FIFO.
    case fifoTopMarketMaker = 6
    /// T: market makers, FIFO.
    case fifoMarketMaker = 7
    /// Shares by size that favour earlier orders.
    case timeProRata = 8
    /// The largest order first; among equals the earlier.
    case sizePriority = 9

    public init?(letter: Character) {
        guard let place = Self.letters.firstIndex(of: letter), let found = Self(rawValue: UInt8(place)) else {
            return nil
        }
        self = found
    }

    /// CME's letter; Z and X are ours.
    public var letter: Character { Self.letters[Int(rawValue)] }
    private static let letters = Array("FACKOQSTZX")
}

/// An algorithm and its parameters.
@frozen public struct AllocationRule: BitwiseCopyable, Sendable, Equatable {
    public var algorithm: MatchingAlgorithm
    /// Smallest order that can become the top order, lots.
    public var topMinimum: UInt32
    /// Most the top order gets as such, lots; 0: no bound.
    public var topMaximum: UInt32
    /// K: hundredths of what remains that go by FIFO before the pro-rata part, 0…100.
    public var fifoPercent: UInt8
    /// A pro-rata share below this becomes 0, lots; 0 and 1: none does.
    public var minimumAllocation: UInt32
    /// K: orders whose pro-rata share was 0 get one lot each before FIFO.
    public var leveling: Bool

    @inlinable public init(
        _ algorithm: MatchingAlgorithm = .fifo, topMinimum: UInt32 = 1, topMaximum: UInt32 = 0, fifoPercent: UInt8 = 0,
        minimumAllocation: UInt32? = nil, leveling: Bool = false
    ) {
        self.algorithm = algorithm
        self.topMinimum = topMinimum
        self.topMaximum = topMaximum
        self.fifoPercent = fifoPercent
        self.minimumAllocation = minimumAllocation ?? (algorithm == .allocation ? 2 : 1)
        self.leveling = leveling
    }

    @inlinable public var hasTop: Bool {
        switch algorithm {
        case .allocation, .configurable, .thresholdTop, .fifoTopMarketMaker: true
        default: false
        }
    }

    @inlinable public var hasMarketMakers: Bool {
        switch algorithm {
        case .configurable, .thresholdMarketMaker, .fifoTopMarketMaker, .fifoMarketMaker: true
        default: false
        }
    }

    @inlinable public var hasProRata: Bool {
        switch algorithm {
        case .allocation, .proRata, .configurable, .thresholdTop, .thresholdMarketMaker: true
        default: false
        }
    }
}
