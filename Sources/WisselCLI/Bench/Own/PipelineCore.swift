import CPlatform
import Matching
import Orders
import Risk
import Runtime

/// What the engine's thread of a node does with a command between session and network: number and time, log, gate, book,
/// and every report into gate and hash.
struct PipelineCore: ~Copyable {
    private var risk: RiskGate
    private var matching: MatchingEngine
    private var sink: ReportSink
    private let ring: SPSCRing<Command>
    private let clock: Clock
    private var events = StateHash()
    private(set) var reports = 0
    private(set) var waits = 0

    init(ring: SPSCRing<Command>, clock: Clock) {
        let shape = PipelineFlow.shape
        var specification = shape.specification
        specification.maximumOrders = 1 << 17
        risk = RiskGate(instruments: [
            (
                specification,
                RiskLimits(maximumQuantity: 1_000_000, maximumNotional: 1 << 50, collarTicks: 50_000)
            )
        ])
        matching = MatchingEngine(instruments: [specification])
        sink = ReportSink(capacity: 4_096)
        self.ring = ring
        self.clock = clock
    }

    func deallocate() { sink.deallocate() }

    mutating func fill(_ commands: [Command]) { for command in commands { _ = matching.applySilently(command) } }

    mutating func run(_ commands: [Command]) {
        commands.withUnsafeBufferPointer { for command in $0 { carryOut(command) } }
    }

    private mutating func carryOut(_ prepared: Command) {
        // Numbered already, in order; the time is the clock's.
        var command = prepared
        command.timestampNanoseconds = clock.now()
        while !ring.push(command) {
            waits += 1
            cplatform_pause()
        }
        sink.removeAll()
        let refusal = risk.check(command)
        if refusal == .none {
            matching.apply(command, into: &sink)
        } else {
            sink.append(command.rejection(reason: refusal))
        }
        for index in 0..<sink.count {
            risk.observe(sink.base[index])
            events.combine(sink.base[index])
        }
        reports += sink.count
    }
}
