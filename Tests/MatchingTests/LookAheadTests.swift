import Matching
import Orders
import Runtime
import TestSupport
import Testing

/// Looking ahead at a burst fetches memory and changes nothing, whatever the commands say.
@Suite struct LookAheadTests {
    private static let resting = 40_000

    private static var instrument: InstrumentSpecification {
        InstrumentSpecification(
            id: 7, symbol: "LOOK", minimumPrice: 1, maximumPrice: 20_000, referencePrice: 10_000,
            maximumOrders: resting + 10_000)
    }

    /// Orders, cancels and replaces, of which many name nothing, and what is no command of a client.
    private static func command(_ number: UInt64, _ random: inout SplitMix64) -> Command {
        let isFilling = number <= UInt64(resting)
        let kind = isFilling ? .newOrder : CommandKind(rawValue: UInt8(random.next(below: 4))) ?? .none
        let side: Side = random.next() & 1 == 0 ? .buy : .sell
        let distance = Int64(random.next(below: isFilling ? 5_000 : 9_000)) - (isFilling ? -1 : 10)
        return Command(
            kind: kind, sequence: number, timestampNanoseconds: number, clientSequence: number,
            clientOrderID: number,
            originalClientOrderID: kind == .newOrder ? 0 : 1 + UInt64(random.next(below: Int(number))),
            price: 10_000 + (side == .buy ? -distance : distance), quantity: UInt32(1 + random.next(below: 9)),
            session: UInt32(1 + random.next(below: 4)), instrument: random.next(below: 50) == 0 ? 8 : 7,
            side: random.next(below: 50) == 0 ? .none : side, timeInForce: .day)
    }

    @Test func changesNothing() {
        var random = SplitMix64(seed: 5)
        var plain = MatchingEngine(instruments: [Self.instrument])
        var ahead = MatchingEngine(instruments: [Self.instrument])
        var (sink, other) = (ReportSink(capacity: 1_000), ReportSink(capacity: 1_000))
        defer {
            sink.deallocate()
            other.deallocate()
        }
        var number: UInt64 = 0
        var bursts = 0
        while number < UInt64(Self.resting + 20_000) {
            let commands = (0..<1 + random.next(below: 150)).map { _ in
                number += 1
                return Self.command(number, &random)
            }
            if ahead.looksAhead { bursts += 1 }
            commands.withUnsafeBufferPointer { ahead.lookAhead($0) }
            for command in commands {
                sink.removeAll()
                other.removeAll()
                plain.apply(command, into: &sink)
                ahead.apply(command, into: &other)
                #expect(sink.count == other.count)
                for index in 0..<sink.count where sink.base[index] != other.base[index] {
                    Issue.record("command \(command.sequence): report \(index) differs")
                    return
                }
            }
        }
        var (one, two) = (StateHash(), StateHash())
        plain.combine(into: &one)
        ahead.combine(into: &two)
        #expect(one.value == two.value)
        #expect(bursts > 100, "\(bursts) bursts were looked at")
    }
}
