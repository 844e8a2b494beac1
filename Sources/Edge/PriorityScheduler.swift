/// Who goes first: the whole policy by which a core serves its three lanes, as a value without I/O.
///
/// A **round** is one poll of the network stage. In a round the stage asks `next` again and again, telling how many
/// packets wait in each lane, and serves the burst it names, until the answer is nil. Since it asks between bursts,
/// orders that arrive during the round go first in the same round.
///
/// | Mode | Asked with | Answer |
/// |---|---|---|
/// | strict | orders waiting, order budget left | order, at most a burst |
/// | strict | no orders; control waiting, its budget left | control, at most a burst |
/// | strict | neither; market data waiting, its budget left | market data, at most a burst |
/// | strict | a lower lane waits behind a higher one whose budget is spent, since `starvationRounds` rounds | that lane, one burst in this round |
/// | strict | anything else | nil: the round is over |
/// | arrival order | any lane waiting, sum of the budgets left | first lane that has any, at most a burst |
///
/// Two consequences to check by eye: while an order waits, nothing else is served before the order budget of the round
/// is spent; and no lane with packets waits longer than `starvationRounds` rounds for a burst.
///
/// In arrival-order mode (for comparison) the stage puts all packets into one lane, and the scheduler only meters it.
public struct PriorityScheduler: BitwiseCopyable, Sendable {
    @frozen public enum Mode: UInt8, Sendable {
        case strictPriority
        case arrivalOrder
    }

    /// Packets of one lane to serve now.
    @frozen public struct Burst: BitwiseCopyable, Equatable, Sendable {
        public let lane: LaneKind
        /// 1…`Policy.burst`.
        public let count: Int

        @inlinable public init(lane: LaneKind, count: Int) {
            self.lane = lane
            self.count = count
        }
    }

    /// The numbers of the policy.
    @frozen public struct Policy: BitwiseCopyable, Equatable, Sendable {
        /// Packets served per round at most, of each lane.
        public var orderBudget: Int
        public var controlBudget: Int
        public var marketDataBudget: Int
        /// Packets served before the lanes are looked at again.
        public var burst: Int
        /// Rounds a waiting lower lane may be passed over.
        public var starvationRounds: Int

        public init(
            orderBudget: Int = 128, controlBudget: Int = 16, marketDataBudget: Int = 128, burst: Int = 32,
            starvationRounds: Int = 64
        ) {
            for number in [orderBudget, controlBudget, marketDataBudget, burst, starvationRounds] {
                precondition(number > 0 && number <= 1 << 20, "scheduler number \(number) is outside 1…2²⁰")
            }
            self.orderBudget = orderBudget
            self.controlBudget = controlBudget
            self.marketDataBudget = marketDataBudget
            self.burst = burst
            self.starvationRounds = starvationRounds
        }
    }

    public let mode: Mode
    public let policy: Policy
    private var order: LaneState
    private var control: LaneState
    private var marketData: LaneState

    /// What the scheduler remembers of a lane.
    private struct LaneState: BitwiseCopyable {
        /// Packets it may still be served in this round.
        var budget = 0
        /// Rounds in a row it waited and was not served.
        var passedOver = 0
        var waited = false
        var served = false

        mutating func beginRound(budget: Int) {
            passedOver = waited && !served ? passedOver &+ 1 : 0
            waited = false
            served = false
            self.budget = budget
        }

        mutating func serve(_ lane: LaneKind, _ count: Int) -> Burst {
            budget &-= count
            served = true
            return Burst(lane: lane, count: count)
        }
    }

    public init(mode: Mode = .strictPriority, policy: Policy = Policy()) {
        self.mode = mode
        self.policy = policy
        order = LaneState()
        control = LaneState()
        marketData = LaneState()
    }

    /// Begins a poll: budgets are full again, and who waited in vain in the last round has waited one more.
    public mutating func beginRound() {
        let sum = policy.orderBudget &+ policy.controlBudget &+ policy.marketDataBudget
        order.beginRound(budget: mode == .arrivalOrder ? sum : policy.orderBudget)
        control.beginRound(budget: policy.controlBudget)
        marketData.beginRound(budget: policy.marketDataBudget)
    }

    /// The next burst of this round, or nil when the round is over.
    /// - Parameters: packets waiting in each lane now; 0 or more.
    public mutating func next(orderReady: Int, controlReady: Int, marketDataReady: Int) -> Burst? {
        guard mode == .strictPriority else { return nextInArrivalOrder(orderReady, controlReady, marketDataReady) }
        control.waited = control.waited || controlReady > 0
        marketData.waited = marketData.waited || marketDataReady > 0

        let orders = min(orderReady, order.budget, policy.burst)
        if orders > 0 { return order.serve(.order, orders) }
        let controls = min(controlReady, control.budget, policy.burst)
        if controls > 0, orderReady == 0 || isStarving(control) { return control.serve(.control, controls) }
        let data = min(marketDataReady, marketData.budget, policy.burst)
        if data > 0, (orderReady == 0 && controlReady == 0) || isStarving(marketData) {
            return marketData.serve(.marketData, data)
        }
        return nil
    }

    private func isStarving(_ lane: LaneState) -> Bool { !lane.served && lane.passedOver >= policy.starvationRounds }

    private mutating func nextInArrivalOrder(_ orders: Int, _ controls: Int, _ data: Int) -> Burst? {
        let room = min(order.budget, policy.burst)
        guard room > 0 else { return nil }
        if orders > 0 { return order.serve(.order, min(orders, room)) }
        if controls > 0 { return order.serve(.control, min(controls, room)) }
        if data > 0 { return order.serve(.marketData, min(data, room)) }
        return nil
    }
}
