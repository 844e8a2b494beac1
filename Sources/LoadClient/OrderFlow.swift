import Orders
import Runtime

/// A seeded stream of new, cancel, replace and crossing orders of one session.
///
/// The stream is a function of the seed and of the number of commands taken, never of the reports: cancels and replaces
/// aim at orders the flow itself sent and did not cancel. Some of those have traded away by then, so a refused cancel
/// is a legal answer, and a run over a bad link sends the same commands as one over a good link.
public struct OrderFlow: Sendable {
    private struct LiveOrder {
        var clientOrderID: UInt64
        var side: Side
    }

    public let options: OrderFlowOptions
    public let firstClientOrderID: UInt64
    /// Names the commands taken so far: equal streams have equal hashes.
    public private(set) var streamHash = StateHash()
    /// Commands taken so far.
    public private(set) var count: UInt64 = 0
    private var random: SplitMix64
    private var live: [LiveOrder] = []
    private let weightSum: UInt64

    /// - Parameter firstClientOrderID: identifier of the first command; command *n* has `firstClientOrderID + n − 1`.
    ///   Choose a fresh range when the book may still hold orders of an earlier run of the same session.
    public init(options: OrderFlowOptions, seed: UInt64, firstClientOrderID: UInt64 = 1) {
        precondition(options.problem == nil, "flow options must be checked before use")
        precondition(firstClientOrderID > 0 && firstClientOrderID < 1 << 63, "order identifiers start at 1")
        self.options = options
        self.firstClientOrderID = firstClientOrderID
        random = SplitMix64(seed: seed)
        live.reserveCapacity(options.targetLiveOrders)
        weightSum =
            UInt64(options.newOrderWeight) + UInt64(options.cancelWeight) + UInt64(options.replaceWeight)
            + UInt64(options.crossWeight)
    }

    /// Orders the flow believes to be in the book; never more than the target.
    public var believedLiveOrders: Int { live.count }

    /// The next command, with its client sequence and identifiers set.
    public mutating func next() -> Command {
        let drawn = below(weightSum)
        let cancelFrom = UInt64(options.newOrderWeight) + UInt64(options.crossWeight)
        let replaceFrom = cancelFrom + UInt64(options.cancelWeight)
        var command: Command
        if live.isEmpty || (drawn < cancelFrom && live.count < options.targetLiveOrders) {
            // With nothing to cancel, the share of crossing orders among the new ones stays as asked.
            let crosses =
                drawn < cancelFrom
                ? drawn >= UInt64(options.newOrderWeight) : below(cancelFrom) >= UInt64(options.newOrderWeight)
            command = newOrder(crosses: crosses)
        } else if drawn < replaceFrom {
            command = cancel()
        } else {
            command = replace()
        }
        count += 1
        command.clientSequence = count
        command.clientOrderID = firstClientOrderID + count - 1
        command.instrument = options.instrument
        remember(command)
        return command
    }

    private mutating func newOrder(crosses: Bool) -> Command {
        let side: Side = below(2) == 0 ? .buy : .sell
        let ends = crosses && below(100) < UInt64(options.immediateOrCancelPercent)
        return Command(
            kind: .newOrder, price: price(side: side, crosses: crosses), quantity: quantity(), side: side,
            timeInForce: ends ? .immediateOrCancel : .day)
    }

    private mutating func cancel() -> Command {
        let order = live.remove(swappingAt: Int(below(UInt64(live.count))))
        return Command(kind: .cancel, originalClientOrderID: order.clientOrderID, side: order.side)
    }

    private mutating func replace() -> Command {
        let order = live.remove(swappingAt: Int(below(UInt64(live.count))))
        return Command(
            kind: .replace, originalClientOrderID: order.clientOrderID,
            price: price(side: order.side, crosses: false), quantity: quantity(), side: order.side,
            timeInForce: .day)
    }

    /// Puts what the command leaves in the book on the list of targets, and the command into the hash.
    private mutating func remember(_ command: Command) {
        if command.kind != .cancel && command.timeInForce == .day {
            live.append(LiveOrder(clientOrderID: command.clientOrderID, side: command.side))
        }
        streamHash.combine(command.clientOrderID)
        streamHash.combine(command.originalClientOrderID)
        streamHash.combine(command.price)
        streamHash.combine(UInt64(command.quantity) << 32 | UInt64(command.instrument))
        streamHash.combine(
            UInt64(command.kind.rawValue) << 16 | UInt64(command.side.rawValue) << 8
                | UInt64(command.timeInForce.rawValue))
    }

    private mutating func price(side: Side, crosses: Bool) -> Int64 {
        let distance = options.nearestTicks + Int64(below(UInt64(options.farthestTicks - options.nearestTicks) + 1))
        let goesUp = (side == .buy) == crosses
        return options.midPriceTicks + (goesUp ? distance : -distance)
    }

    private mutating func quantity() -> UInt32 {
        let span = UInt64(options.largestQuantityLots - options.smallestQuantityLots) + 1
        return options.smallestQuantityLots + UInt32(below(span))
    }

    /// A number below `bound`: multiply-shift, whose bias of bound/2⁶⁴ does not matter here.
    private mutating func below(_ bound: UInt64) -> UInt64 { random.next().multipliedFullWidth(by: bound).high }
}

extension Array {
    /// Removes one element in constant time by moving the last one into its place.
    fileprivate mutating func remove(swappingAt index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
