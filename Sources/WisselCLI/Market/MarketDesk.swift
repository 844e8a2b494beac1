import Foundation
import Node
import Orders
import Risk

/// The node's side of `wissel market`: turns a request into a command, gives it to the engine, waits for the answer. The
/// control thread.
final class MarketDesk {
    /// How long the engine and the disk may take; a node that runs needs a few milliseconds.
    private static let patienceMicroseconds = 3_000_000
    private static let pauseMicroseconds: UInt32 = 200

    private let venue: VenueDesk
    private let instruments: [(id: UInt32, symbol: String)]

    init(_ node: TradingNode) {
        venue = node.venue
        instruments = node.configuration.instruments.map { ($0.specification.id, $0.specification.symbol) }
    }

    /// Takes reports nobody asked for out of their ring; several times a second.
    func idle() { _ = venue.poll() }

    func answer(_ request: MarketProtocol.Request) -> MarketProtocol.Reply {
        do {
            guard request.build == MarketProtocol.build else {
                throw CaptureFailure(
                    description: "the node runs another version of wissel: use the program it was started from")
            }
            if request.kind == CommandKind.rule.rawValue, let text = request.rule { return try put(text, request) }
            return try carryOut(try command(request))
        } catch {
            return MarketProtocol.Reply(refusal: "\(error)")
        }
    }

    private func command(_ request: MarketProtocol.Request) throws -> Command {
        guard let kind = CommandKind(rawValue: request.kind), VenueDesk.takes(kind),
            let side = Side(rawValue: request.side)
        else { throw CaptureFailure(description: "that is no command of the venue") }
        return Command(
            kind: kind, clientOrderID: request.clientOrderID, originalClientOrderID: request.originalClientOrderID,
            price: request.price, quantity: request.quantity, instrument: try instrument(request.instrument),
            side: side, flags: request.flags)
    }

    /// Compiles a rule and gives the engine its operations, one after the other; the answer to the last counts, or the first refusal.
    private func put(_ text: String, _ request: MarketProtocol.Request) throws -> MarketProtocol.Reply {
        let instruments = instruments
        let rule = try Rule(parsing: text) { symbol in instruments.first { $0.symbol == symbol }?.id }
        let unknown = RiskGate.unknownFields(of: rule.program)
        guard unknown.isEmpty else {
            throw CaptureFailure(
                description: "the gate does not know \(unknown.joined(separator: ", ")) yet: write the rule without")
        }
        // As `wissel risk rule` wrote it: the record without its operation.
        guard var record = RuleRecord(try command(request)) else {
            throw CaptureFailure(description: "that is no rule")
        }
        var reply = MarketProtocol.Reply()
        for (place, operation) in rule.program.operations.enumerated() {
            record.place = UInt8(place)
            record.count = UInt8(rule.program.operations.count)
            record.operation = withUnsafeBytes(of: operation) {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            reply = try carryOut(Command(record))
            if reply.reports.contains(where: \.isRefusal) { return reply }
        }
        return reply
    }

    /// A symbol of the configuration, or a number, which may be that of an instrument listed since the start.
    private func instrument(_ text: String) throws -> UInt32 {
        if text.isEmpty { return 0 }
        if let found = instruments.first(where: { $0.symbol == text }) { return found.id }
        if let number = UInt32(text), number > 0 { return number }
        let known = instruments.map { "\($0.symbol) (\($0.id))" }.joined(separator: ", ")
        throw CaptureFailure(description: "the node has no instrument \"\(text)\"; it has \(known)")
    }

    private func carryOut(_ command: Command) throws -> MarketProtocol.Reply {
        _ = venue.poll()
        guard venue.submit(command) else {
            throw CaptureFailure(description: "the engine has not taken earlier commands: see `wissel doctor`")
        }
        var waited = 0
        while waited < Self.patienceMicroseconds {
            if let answer = venue.poll() { return try reply(answer) }
            usleep(Self.pauseMicroseconds)
            waited += Int(Self.pauseMicroseconds)
        }
        throw CaptureFailure(
            description: "no answer within 3 s; the command may still be carried out: ask again with `wissel market "
                + "indicate`, or look at the node's journal and disk")
    }

    private func reply(_ answer: VenueDesk.Answer) throws -> MarketProtocol.Reply {
        guard answer.sequence > 0 else {
            throw CaptureFailure(
                description: "the journal takes nothing now, so the command was not carried out: make room on its disk")
        }
        let reports = answer.reports.map { report in
            MarketReport(report, symbol: instruments.first { $0.id == report.instrument }?.symbol ?? "")
        }
        return MarketProtocol.Reply(sequence: answer.sequence, reports: reports)
    }
}
