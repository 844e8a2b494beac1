import Orders
import Risk

/// A gate that an expectation can ask, which a value that cannot be copied does not let it.
final class HeldGate {
    private var gate: RiskGate

    init(_ gate: consuming RiskGate) { self.gate = gate }

    func check(_ command: Command, resting: OpenOrder? = nil, market: Market = Market()) -> RejectReason {
        gate.check(command, resting: resting, market: market)
    }

    func observe(_ report: ExecutionReport) { gate.observe(report) }
    func set(_ command: Command) -> RejectReason { gate.set(command) }
    func carriedOut(_ command: Command) { gate.carriedOut(command) }
    func handedOn(_ command: Command) -> Command { gate.handedOn(command) }
    func standing(_ scope: RiskScope, instrument: UInt32 = 0) -> RiskStanding? {
        gate.standing(of: scope, instrument: instrument)
    }
    var refusingScope: RiskScope { gate.refusingScope }
    var wantsMarket: Bool { gate.wantsMarket }

    var hash: UInt64 {
        var hash = StateHash()
        gate.combine(into: &hash)
        return hash.value
    }
}
