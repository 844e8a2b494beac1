import OrderEntry
import Orders
import Runtime
import Testing

/// Random and mutated datagrams through the framer and the session table.
@Suite struct RandomMessagesTests {
    @Test func nothingStopsTheTableAndEverythingIsCounted() {
        let server = ServerHarness(sessions: [7, 0x0D], historyCapacity: 64)
        var random = SplitMix64(seed: 0x5EED)
        let peers = [ServerHarness.peer, Peer(ipv4: 0x0A00_0077, port: 9), Peer(ipv4: 0xC0A8_0001, port: 9)]
        var valid = Example.all.map(\.bytes)
        valid += [Script.establish(), Script.order(1), Script.heartbeat(next: 3), Script.retransmit(from: 1, count: 9)]
        var messageCount = 0
        var faultCount = 0
        let total = sized(debug: 100_000, release: 1_000_000)
        for round in 0..<total {
            let datagram = Self.datagram(valid, &random)
            let framed = frame(datagram)
            messageCount += framed.messages.count
            if framed.fault != nil { faultCount += 1 }
            // Time goes on by 10 µs, and now and then is nonsense.
            let now = random.hits(perMille: 2) ? random.next() : UInt64(round) * 10_000
            let peer = random.hits(perMille: 700) ? peers[0] : peers[Int.random(in: 1...2, using: &random)]
            server.receive(datagram, from: peer, now: now)
            if round % 97 == 0 { server.poll(now: now) }
        }
        let counted = server.commandCount + server.resendCount + server.handledCount + server.drops.count
        #expect(counted == messageCount)
        #expect(server.framingErrors == faultCount)
        #expect(server.sinkOverflow == 0)
        // The random stream reaches every way a message can go.
        #expect(Set(server.drops) == Set(OrderEntryDrop.allCases))
        #expect(min(server.commandCount, server.resendCount, server.handledCount) > 100)
        #expect(faultCount > total / 10)
        // Whatever came, each session's commands were executed in order, each once.
        for session in [7, 0x0D] as [UInt32] {
            let executed = server.executed.filter { $0.session == session }.map(\.clientSequence)
            #expect(executed == (0..<executed.count).map { UInt64($0) + 1 })
        }
    }

    private static func datagram(_ valid: [[UInt8]], _ random: inout SplitMix64) -> [UInt8] {
        if random.hits(perMille: 100) {
            return (0..<Int.random(in: 0...1_472, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
        }
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var message = valid[Int.random(in: 0..<valid.count, using: &random)]
            if random.hits(perMille: 800) { message.replaceSubrange(4..<8, with: [7, 0, 0, 0]) }
            if random.hits(perMille: 500) { message[8] = UInt8.random(in: 0...40, using: &random) }
            let position = Int.random(in: 0..<message.count, using: &random)
            // Not in the session version: a great one, once taken, rightly keeps all others out for good.
            let isVersion = message[2] == MessageType.establish.rawValue && (32..<40).contains(position)
            if random.hits(perMille: 200), !isVersion { message[position] = UInt8.random(in: 0...255, using: &random) }
            bytes += message
        }
        return random.hits(perMille: 100) ? Array(bytes.dropLast(Int.random(in: 1...40, using: &random))) : bytes
    }
}
