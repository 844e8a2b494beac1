import Orders
import Runtime

/// The random flow in a market that wanders over hundreds of thousands of ticks and jumps by millions: the same commands, their
/// prices around a middle of its own for each instrument, near to it or far apart. A book's array of prices moves all the time.
public struct WideMarket {
    private var flow: CommandFlow
    private var random: SplitMix64
    private var middles: [UInt32: Int64] = [:]
    private var drifts: [UInt32: Int64] = [:]
    /// Ticks between two neighbouring prices of the flow.
    private var spread: Int64 = 1

    /// - Parameter profile: without parameters, whose bands and ticks are those of a narrow market.
    public init(seed: UInt64, profile: FlowProfile) {
        flow = CommandFlow(seed: seed, profile: profile.subtracting(.parameters))
        random = SplitMix64(seed: ~seed)
    }

    public mutating func next() -> Command {
        var command = flow.next()
        wander(command.instrument)
        switch command.kind {
        case .newOrder, .quote, .replace: command.price = wide(command.price, command.instrument)
        case .terms:
            var terms = OrderTerms(command)
            // Terms come before their order, whose instrument they do not name.
            terms.triggerPrice = terms.triggerPrice == 0 ? 0 : wide(terms.triggerPrice, 1)
            var widened = Command(terms: terms, session: command.session, clientSequence: command.clientSequence)
            (widened.sequence, widened.timestampNanoseconds) = (command.sequence, command.timestampNanoseconds)
            command = widened
        case .massCancel where command.flags & Command.hasPriceRange != 0:
            let low = wide(Int64(bitPattern: command.originalClientOrderID), command.instrument)
            command.originalClientOrderID = UInt64(bitPattern: low)
            command.price = wide(command.price, command.instrument)
        default: break
        }
        return command
    }

    private mutating func wander(_ instrument: UInt32) {
        let chance = random.next(below: 2_000)
        if chance == 0 { middles[instrument] = Int64(random.next(below: 10_000_001)) - 5_000_000 }
        if chance < 6 { drifts[instrument] = Int64(random.next(below: 401)) - 200 }
        if chance < 20 { spread = [1, 7, 64, 500, 3_000][random.next(below: 5)] }
        middles[instrument, default: 0] += drifts[instrument, default: 90] + Int64(random.next(below: 101)) - 50
    }

    /// What is meant to be no price stays none.
    private func wide(_ price: Int64, _ instrument: UInt32) -> Int64 {
        price.magnitude > 1_000 ? price : middles[instrument, default: 0] + price * spread
    }

    /// Instruments without narrow bands, with the smallest array of prices there is.
    public static func instruments(_ profile: FlowProfile) -> [InstrumentSpecification] {
        profile.subtracting([.parameters, .invalid]).instruments.map { narrow in
            var wide = narrow
            wide.windowTicks = 8_192
            wide.minimumPrice = -InstrumentSpecification.priceBound
            wide.maximumPrice = InstrumentSpecification.priceBound
            wide.maximumOrders = 150
            if wide.dynamicRange > 0 { wide.dynamicRange = 50_000 }
            if wide.staticRange > 0 { wide.staticRange = 400_000 }
            return wide
        }
    }

    /// Most live orders of an exchange that the flow is for.
    public static let maximumOrders = 400
}
