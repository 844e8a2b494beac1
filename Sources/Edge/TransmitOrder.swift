/// Who leaves first: the whole policy by which the frames of one core go to its transmit queue, as a value without I/O;
/// the counterpart of `PriorityScheduler`, which says who is served on reception.
///
/// A **round** is one flush. In a round the stage asks `next` again and again, telling how many frames of each class
/// wait, and offers the burst it names to the device, until the answer is nil or the device takes less than offered.
///
/// | Asked with | Answer |
/// |---|---|
/// | control or market data that has waited in vain for `starvationRounds` rounds | one frame of it |
/// | order frames | all of them |
/// | no order frames; control frames | all of them |
/// | neither; market data | all of it |
/// | nothing | nil: the round is over |
///
/// So while the device has no room for all, nothing but order frames takes what room there is, save one frame in many
/// rounds: an ARP answer that never left would end the order traffic too.
public struct TransmitOrder: BitwiseCopyable, Sendable {
    public let starvationRounds: Int
    private var control = Waiting()
    private var marketData = Waiting()

    private struct Waiting: BitwiseCopyable {
        var rounds = 0
        var waited = false
        var served = false

        mutating func beginRound() {
            rounds = waited && !served ? rounds &+ 1 : 0
            waited = false
            served = false
        }
    }

    /// - Parameter starvationRounds: at least 1.
    public init(starvationRounds: Int = 1024) {
        precondition(starvationRounds >= 1, "a lower class may be passed over once at least")
        self.starvationRounds = starvationRounds
    }

    /// Begins a flush: who waited in vain in the last one has waited one more.
    public mutating func beginRound() {
        control.beginRound()
        marketData.beginRound()
    }

    /// What to offer next, or nil when the round is over.
    /// - Parameters: frames waiting of each class now; 0 or more.
    public mutating func next(
        orderReady: Int, controlReady: Int, marketDataReady: Int
    ) -> PriorityScheduler.Burst? {
        control.waited = control.waited || controlReady > 0
        marketData.waited = marketData.waited || marketDataReady > 0
        if controlReady > 0, isStarving(control) { return PriorityScheduler.Burst(lane: .control, count: 1) }
        if marketDataReady > 0, isStarving(marketData) { return PriorityScheduler.Burst(lane: .marketData, count: 1) }
        if orderReady > 0 { return PriorityScheduler.Burst(lane: .order, count: orderReady) }
        if controlReady > 0 { return PriorityScheduler.Burst(lane: .control, count: controlReady) }
        if marketDataReady > 0 { return PriorityScheduler.Burst(lane: .marketData, count: marketDataReady) }
        return nil
    }

    /// The device took `count` frames of a class.
    public mutating func sent(_ lane: LaneKind, _ count: Int) {
        switch lane {
        case .order: break
        case .control: control.served = control.served || count > 0
        case .marketData: marketData.served = marketData.served || count > 0
        }
    }

    private func isStarving(_ lane: Waiting) -> Bool { !lane.served && lane.rounds >= starvationRounds }
}
