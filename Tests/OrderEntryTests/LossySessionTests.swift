import OrderEntry
import Orders
import Runtime
import Testing

/// Client and server over a link that loses, doubles and reorders datagrams both ways: every command executed once and
/// in order, every report seen once and in order.
@Suite struct LossySessionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var faultsPerMille: Int
        var seed: UInt64
        var testDescription: String { "\(faultsPerMille) ‰, seed \(seed)" }
    }

    static let cases = [10, 50, 200].flatMap { rate in (1...20).map { Case(faultsPerMille: rate, seed: $0) } }
    static let stepNanoseconds: UInt64 = 100_000

    @Test(arguments: cases) func everyCommandOnceEveryReportOnce(_ faults: Case) {
        let run = LossyRun(faults, commandCount: sized(debug: 2_000, release: 5_000))
        run.play()
        run.check()
        #expect(run.faultCount > 0)
    }

    @Test(arguments: cases.filter { $0.seed <= 5 }) func alsoAcrossRestartsOfTheNode(_ faults: Case) {
        let run = LossyRun(faults, commandCount: 2_000)
        run.restartsAt = [400, 900, 900, 1_500]
        run.play()
        run.check()
        // Commands or reports were still to come each time, so the client had to come back.
        #expect(run.restartsAt.isEmpty)
        #expect(run.server.log.filter { $0.kind == .sessionEstablished }.count >= 4)
    }

    @Test(arguments: cases.filter { $0.seed <= 5 }) func alsoWhenTheJournalRefuses(_ faults: Case) {
        let run = LossyRun(faults, commandCount: 2_000)
        run.refusesAt = [500, 1_200]
        run.play()
        run.check()
        #expect(run.client.counters.notAppliedJournalUnavailable > 0)
    }
}

/// One seeded run of a client against a server.
final class LossyRun {
    var server = ServerHarness(historyCapacity: 65_536)
    var client = ClientSession(
        ClientSessionConfiguration(
            session: 7, participant: 70, accessKey: ServerHarness.key, sessionVersion: 1,
            heartbeatNanoseconds: 1_000_000_000, windowCapacity: 1_024))
    /// Lengths of the log from which on the node is lost and replayed from it.
    var restartsAt: [Int] = []
    /// Lengths of the log from which on the journal takes nothing, for 200 steps.
    var refusesAt: [Int] = []

    private var refusesUntil = 0
    private let commandCount: Int
    private var up: LossyLink
    private var down: LossyLink
    private var random: SplitMix64
    private var given: [UInt64] = []
    private var givenTerms: [UInt64: OrderTerms] = [:]
    /// A new node does not remember the terms of orders executed before.
    private var restarted = false
    private var reports: [ExecutionReport] = []
    /// What the server has said of commands not yet durable; it leaves one step later.
    private var waiting: [Sent] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_400, alignment: 8)

    init(_ faults: LossySessionTests.Case, commandCount: Int) {
        self.commandCount = commandCount
        up = LossyLink(faultsPerMille: faults.faultsPerMille, seed: faults.seed &* 3)
        down = LossyLink(faultsPerMille: faults.faultsPerMille, seed: faults.seed &* 5 &+ 1)
        random = SplitMix64(seed: faults.seed)
    }

    deinit { buffer.deallocate() }

    var faultCount: Int { up.lost + up.doubled + up.delayed + down.lost + down.doubled + down.delayed }

    func play() {
        client.establish(now: 0)
        var step = 0
        while step < 1_000_000, !client.isComplete {
            step += 1
            let now = UInt64(step) * LossySessionTests.stepNanoseconds
            if let length = restartsAt.first, server.log.count >= length { restart() }
            serve(step, now)
            for datagram in down.receive(at: step) {
                datagram.withUnsafeBytes { client.receive($0, now: now) }
            }
            client.poll(now: now)
            give(now)
            while let report = client.nextReport() { reports.append(report) }
            while let length = client.takeDatagram(into: buffer) {
                up.send(Array(buffer[0..<length]), at: step)
            }
        }
    }

    /// A fresh node replays the log; what it had not sent is gone, as are its connections.
    private func restart() {
        restartsAt.removeFirst()
        restarted = true
        let log = server.log
        server = ServerHarness(historyCapacity: 65_536)
        server.replay(log)
        waiting = []
    }

    private func serve(_ step: Int, _ now: UInt64) {
        var sent = waiting
        waiting = []
        if let length = refusesAt.first, server.log.count >= length {
            refusesAt.removeFirst()
            refusesUntil = step + 200
        }
        server.refusal = step < refusesUntil ? .journalUnavailable : nil
        for datagram in up.receive(at: step) {
            for message in server.receive(datagram, now: now) {
                if message.gate == 0 { sent.append(message) } else { waiting.append(message) }
            }
        }
        sent += server.poll(now: now)
        // A few messages share a datagram, as they do on the node's way out.
        var datagram: [UInt8] = []
        for message in sent {
            datagram += message.bytes
            guard random.hits(perMille: 400) || datagram.count > 1_200 else { continue }
            down.send(datagram, at: step)
            datagram = []
        }
        if !datagram.isEmpty { down.send(datagram, at: step) }
    }

    private func give(_ now: UInt64) {
        guard given.count < commandCount else {
            if client.unansweredCount == 0 { client.confirm(now: now) }
            return
        }
        for _ in 0..<Int.random(in: 0...5, using: &random) where given.count < commandCount {
            let identifier = random.next()
            let (command, terms) = Self.command(identifier)
            guard let sequence = client.send(command, terms: terms, now: now) else { return }
            given.append(identifier)
            if terms != OrderTerms() { givenTerms[sequence] = terms }
        }
    }

    /// Every kind of command, chosen by its identifier.
    private static func command(_ identifier: UInt64) -> (Command, OrderTerms) {
        var command = Command(
            kind: .newOrder, clientOrderID: identifier, price: 1, quantity: 1, instrument: 1, side: .buy,
            timeInForce: .day)
        var terms = OrderTerms()
        switch identifier % 8 {
        case 0, 1:
            command.traits = OrderTraits(.stop)
            terms.triggerPrice = Int64(bitPattern: identifier)
        case 2: command.traits = OrderTraits(.limit, .hidden)
        case 3: command.kind = .quote
        case 4: command.kind = .massCancel
        default: break
        }
        return (command, terms)
    }

    func check() {
        let sequences = (0..<commandCount).map { UInt64($0) + 1 }
        let isComplete = client.isComplete
        #expect(isComplete, "\(client.state), \(given.count) given, \(client.unansweredCount) unanswered")
        #expect(server.executed.map(\.clientSequence) == sequences)
        #expect(server.executed.map(\.clientOrderID) == given)
        #expect(restarted || server.terms == givenTerms)
        #expect(!givenTerms.isEmpty)
        #expect(reports.map(\.reportSequence) == sequences)
        #expect(reports.map(\.clientOrderID) == given)
    }
}
