import Matching
import OrderEntry
import Orders
import Risk

/// The deterministic inside of the node: the result of a command depends on the log alone.
///
/// The live engine stage and a replay apply the same commands through this one type and must end with the same hashes.
/// One thread; no clock, no I/O, no allocation after `init`.
public struct EngineCore: ~Copyable {
    var sessions: SessionTable
    private var risk: RiskGate
    private var matching: MatchingEngine
    /// The reports of the last command, numbered, in order.
    private(set) var sink: ReportSink
    /// Sequence of the last command applied; 0 before the first.
    public private(set) var sequence: UInt64 = 0
    public private(set) var timestampNanoseconds: UInt64 = 0
    /// Hash over all reports since the start of the log.
    public private(set) var events = StateHash()
    public private(set) var reportCount: UInt64 = 0

    public init(configuration: NodeConfiguration, authenticator: any SessionAuthenticator) {
        let instruments = configuration.instruments.map(\.specification)
        sessions = SessionTable(
            configurations: configuration.sessionConfigurations, reportHistoryCapacity: Limits.reportHistoryCapacity,
            acknowledgementMode: configuration.acknowledgement.rawValue, authenticator: authenticator)
        risk = RiskGate(
            instruments: configuration.instruments.map { ($0.specification, $0.risk) },
            spareInstruments: Limits.spareInstruments)
        let orders = instruments.map { $0.maximumOrders * ($0.secondAllocation == nil ? 1 : 2) }
        let total = orders.reduce(0, +)
        matching = MatchingEngine(
            instruments: instruments, maximumInstruments: instruments.count + Limits.spareInstruments,
            maximumOrders: total, firms: configuration.firms)
        sink = ReportSink(capacity: Limits.reportsPerCommand(deepest: orders.max() ?? 0, total: total))
    }

    deinit { sink.deallocate() }

    /// Applies the next command of the log; afterwards `sink` holds its reports.
    ///
    /// The command must carry the next sequence number and a timestamp not before the last one's.
    public mutating func apply(_ command: Command) {
        sequence = command.sequence
        timestampNanoseconds = command.timestampNanoseconds
        sink.removeAll()
        sessions.applied(command)
        let refusal = risk.check(command)
        if refusal == .none {
            matching.apply(command, into: &sink)
        } else {
            // Terms logged before it are not taken back: the next command of any kind makes the engine forget them.
            sink.append(command.rejection(reason: refusal))
        }
        for index in 0..<sink.count {
            let report = sink.base + index
            sessions.record(report)
            risk.observe(report.pointee)
            if report.pointee.kind == .instrumentSet { risk.carriedOut(command) }
            events.combine(report.pointee)
        }
        reportCount &+= UInt64(truncatingIfNeeded: sink.count)
    }

    /// When the engine has something to do by itself, nanoseconds since the Unix epoch; `UInt64.max`: never.
    var nextDeadlineNanoseconds: UInt64 { matching.nextDeadlineNanoseconds }

    /// Hash of everything the next command's result can depend on: books, risk references, sessions, and the position
    /// in the log.
    public func stateHash() -> UInt64 {
        var hash = StateHash()
        hash.combine(sequence)
        hash.combine(events.value)
        matching.combine(into: &hash)
        risk.combine(into: &hash)
        sessions.combine(into: &hash)
        return hash.value
    }

    public var liveOrderCount: Int { matching.liveOrderCount }
    public var tradeCount: UInt64 { matching.tradeCount }
}
