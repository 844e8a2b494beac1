import Orders

/// What a random flow of commands is made of, beside plain limit orders, cancels and replaces.
public struct FlowProfile: OptionSet, Sendable, CustomStringConvertible {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let plain: FlowProfile = []
    /// Icebergs, hidden and post-only orders.
    public static let icebergs = FlowProfile(rawValue: 1)
    /// Stops and trailing stops, market and market-to-limit orders.
    public static let stops = FlowProfile(rawValue: 2)
    /// Pegged, all-or-none and minimum-quantity orders.
    public static let pegs = FlowProfile(rawValue: 4)
    /// All algorithms, market makers, two books.
    public static let sharing = FlowProfile(rawValue: 8)
    public static let auctions = FlowProfile(rawValue: 16)
    /// Bands and interruptions.
    public static let interruptions = FlowProfile(rawValue: 32)
    public static let selfTrade = FlowProfile(rawValue: 64)
    /// Quotes, mass cancels, disconnects.
    public static let quotes = FlowProfile(rawValue: 128)
    public static let time = FlowProfile(rawValue: 256)
    /// What the operator sets.
    public static let parameters = FlowProfile(rawValue: 512)
    /// Input that is wrong in every way.
    public static let invalid = FlowProfile(rawValue: 1_024)
    public static let everything = FlowProfile(rawValue: 2_047)

    private static let names = [
        "icebergs", "stops", "pegs", "sharing", "auctions", "interruptions", "selfTrade", "quotes", "time",
        "parameters", "invalid",
    ]

    public var description: String {
        if self == .everything { return "everything" }
        let found = Self.names.enumerated().filter { rawValue & 1 << $0.offset != 0 }.map(\.element)
        return found.isEmpty ? "plain" : found.joined(separator: "+")
    }

    /// Each alone, then what meets at difficult places, then all.
    public static let all: [FlowProfile] = [
        .plain, .icebergs, .stops, .pegs, .sharing, .auctions, .interruptions, .selfTrade, .quotes, .time, .parameters,
        .invalid, [.icebergs, .pegs, .sharing], [.stops, .pegs, .interruptions],
        [.icebergs, .stops, .auctions, .time], [.pegs, .selfTrade, .sharing], .everything,
    ]

    /// What the flow's commands name: small bands and few orders, so that both are met.
    public var instruments: [InstrumentSpecification] {
        let bound = InstrumentSpecification.priceBound
        var first = InstrumentSpecification(
            id: 1, symbol: "ONE", minimumPrice: -bound, maximumPrice: bound, referencePrice: 0, maximumOrders: 40)
        var second = InstrumentSpecification(
            id: 2, symbol: "TWO", minimumPrice: -14, maximumPrice: 15, referencePrice: 1, maximumOrders: 18)
        if contains(.sharing) {
            first.allocation = AllocationRule(.configurable, topMaximum: 7, fifoPercent: 40, leveling: true)
            first.secondAllocation = AllocationRule(.timeProRata)
            first.marketMakers = [.init(session: 1, percent: 20), .init(session: 3, percent: 30)]
            second.allocation = AllocationRule(.allocation)
            second.secondAllocation = AllocationRule(.sizePriority)
        }
        if contains(.interruptions) {
            (first.dynamicRange, first.interruptionNanoseconds) = (4, 200)
            (second.staticRange, second.interruptionNanoseconds) = (7, 300)
        }
        if contains(.parameters) || contains(.invalid) {
            second.lotSize = 2
            second.tickSteps = [
                .init(fromPrice: -6, tick: 1), .init(fromPrice: 5, tick: 3), .init(fromPrice: 13, tick: 2),
            ]
        }
        return [first, second]
    }

    /// Most instruments and live orders of an exchange that the flow is for.
    public static let maximumInstruments = 4
    public static let maximumOrders = 70
    /// Sessions 2 and 4 are one firm.
    public static let firms: [UInt32: UInt32] = [2: 9, 4: 9]
}
