import MarketData
import Runtime

/// Datagrams of a market-data feed: a row of them through one handler.
final class FeedTarget: FuzzTarget {
    private static let limits = FeedLimits(symbols: 16, levels: 64)

    var seeds: [[UInt8]] {
        var generator = DEEPGenerator(seed: 1, symbolCount: 20)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 136, alignment: 8)
        defer { buffer.deallocate() }
        let made = (0..<12).map { _ in
            Array(buffer[..<generator.next(into: buffer.baseAddress!, capacity: buffer.count)])
        }
        let heartbeat: [UInt8] = [1, 0, 4, 0x80, 1] + [UInt8](repeating: 0, count: 35)
        // Each known type with its shortest length, in one datagram.
        let types: [(UInt8, Int)] = [
            (0x53, 10), (0x44, 31), (0x48, 22), (0x49, 18), (0x4F, 18), (0x50, 19), (0x45, 18), (0x54, 38), (0x42, 38),
            (0x58, 26), (0x41, 80), (0x51, 42), (0x7A, 3),
        ]
        let body = types.flatMap { [UInt8($0.1), 0, $0.0] + [UInt8](repeating: 1, count: $0.1 - 1) }
        var others = heartbeat
        let counts = [UInt8(body.count & 0xFF), UInt8(body.count >> 8), UInt8(types.count), 0]
        others.replaceSubrange(12..<16, with: counts)
        return [
            InputReader.row(made), InputReader.row([made[1], made[0], made[0], made[3]]), InputReader.row([heartbeat]),
            InputReader.row([others + body]), InputReader.row([Array(made[0].dropLast())]),
        ]
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var feed = FeedHandler(limits: Self.limits)
        // The same datagrams, each with bytes behind it.
        var other = FeedHandler(limits: Self.limits)
        var reader = InputReader(input)
        var datagrams: UInt64 = 0
        while !reader.isAtEnd {
            let datagram = reader.datagram()
            guard !datagram.isEmpty else { continue }
            let before = feed.nextSequence
            let outcome = withExactly(datagram) {
                feed.consume($0.baseAddress!, length: $0.count, receivedNanoseconds: 1)
            }
            let again = withExactly(datagram + [UInt8](repeating: 0xFF, count: 64)) {
                other.consume($0.baseAddress!, length: datagram.count, receivedNanoseconds: 1)
            }
            hold(outcome == again, "bytes behind the datagram change \(outcome) to \(again)")
            if case .failed = outcome { hold(feed.nextSequence == before, "a datagram not decoded moved the sequence") }
            datagrams += 1
        }
        check(feed.counters, datagrams)
        hold(feed.symbolCount <= Self.limits.symbols, "\(feed.symbolCount) symbols in a table for fewer")
        hold(feed.symbolCount == other.symbolCount, "bytes behind datagrams became symbols")
    }

    /// Everything is counted once.
    private func check(_ counters: CounterBlock<FeedCounter>, _ datagrams: UInt64) {
        hold(counters.value(.packets) == datagrams, "\(datagrams) datagrams, \(counters.value(.packets)) counted")
        let kinds: [FeedCounter] = [.priceLevelUpdates, .trades, .otherMessages, .unknownMessages]
        let messages = kinds.reduce(0) { $0 + counters.value($1) }
        hold(counters.value(.messages) == messages, "\(messages) of a kind, \(counters.value(.messages)) in all")
        let full = counters.value(.symbolTableFull) + counters.value(.levelsFull)
        hold(full <= counters.value(.priceLevelUpdates), "more updates found no room than there were")
    }
}
