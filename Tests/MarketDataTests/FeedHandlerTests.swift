import MarketData
import Runtime
import Testing

/// A datagram put together by hand.
private struct Datagram {
    var bytes = [UInt8](repeating: 0, count: IEXTPHeader.byteCount)
    private var count: UInt16 = 0

    init(sequence: UInt64, session: UInt32 = 7) {
        bytes[0] = 1
        put(UInt16(0x8004), 2)
        put(UInt32(1), 4)
        put(session, 8)
        put(sequence, 24)
    }

    mutating func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
        }
    }

    mutating func add(_ message: [UInt8]) {
        bytes += [UInt8(message.count & 0xFF), UInt8(message.count >> 8)] + message
        count += 1
        put(count, 14)
        put(UInt16(bytes.count - IEXTPHeader.byteCount), 12)
    }

    mutating func addLevel(
        _ symbol: String, _ isBid: Bool, price: Int64, size: UInt32, nanoseconds: UInt64 = 5
    ) {
        var level = Datagram(sequence: 0)
        level.bytes = [UInt8](repeating: 0, count: 30)
        level.bytes[0] = isBid ? 0x38 : 0x35
        level.put(nanoseconds, 2)
        level.put(FeedHandler.symbol(symbol), 10)
        level.put(size, 18)
        level.put(price, 22)
        add(level.bytes)
    }
}

extension FeedHandler {
    fileprivate mutating func consume(_ bytes: [UInt8]) -> FeedOutcome {
        bytes.withUnsafeBytes { consume($0.baseAddress!, length: $0.count, receivedNanoseconds: 1) }
    }
}

@Suite struct FeedHandlerTests {
    @Test func levelsMakeABestBidAndOffer() {
        var feed = FeedHandler()
        var first = Datagram(sequence: 1)
        first.addLevel("ZIEXT", true, price: 990_500, size: 300)
        first.addLevel("ZIEXT", true, price: 990_600, size: 100)
        first.addLevel("ZIEXT", false, price: 991_000, size: 200)
        #expect(feed.consume(first.bytes) == .decoded(messages: 3))
        var best = feed.best(symbol: FeedHandler.symbol("ZIEXT"))
        #expect(
            best
                == BestBidOffer(
                    bidPrice: 990_600, bidSize: 100, askPrice: 991_000, askSize: 200, timestampNanoseconds: 5))
        var second = Datagram(sequence: 4)
        second.addLevel("ZIEXT", true, price: 990_600, size: 0, nanoseconds: 6)
        second.addLevel("ZIEXT", false, price: 991_000, size: 0, nanoseconds: 6)
        _ = feed.consume(second.bytes)
        best = feed.best(symbol: FeedHandler.symbol("ZIEXT"))
        #expect(
            best == BestBidOffer(bidPrice: 990_500, bidSize: 300, askPrice: 0, askSize: 0, timestampNanoseconds: 6))
        let unknown = feed.best(symbol: FeedHandler.symbol("NONE"))
        #expect(unknown == nil)
    }

    @Test func theSequenceTellsGapsRepetitionsAndNewSessions() {
        var feed = FeedHandler()
        func datagram(_ sequence: UInt64, _ messages: Int, session: UInt32 = 7) -> [UInt8] {
            var datagram = Datagram(sequence: sequence, session: session)
            for _ in 0..<messages { datagram.addLevel("A", true, price: 1, size: 1) }
            return datagram.bytes
        }
        #expect(feed.consume(datagram(10, 2)) == .decoded(messages: 2))
        #expect(feed.consume(datagram(12, 0)) == .decoded(messages: 0))
        // 11 came before: of this datagram only 12 is new.
        #expect(feed.consume(datagram(11, 2)) == .decoded(messages: 1))
        #expect(feed.consume(datagram(10, 2)) == .decoded(messages: 0))
        #expect(feed.consume(datagram(16, 1)) == .decoded(messages: 1))
        #expect(feed.consume(datagram(1, 1, session: 8)) == .decoded(messages: 1))
        let counters = feed.counters
        #expect(counters.value(.gaps) == 1 && counters.value(.missing) == 3)
        #expect(counters.value(.duplicates) == 3 && counters.value(.newSessions) == 1)
        #expect(counters.value(.heartbeats) == 1 && counters.value(.messages) == 5)
    }

    @Test func whatIsNoDatagramOfTheFeedIsCountedByReason() {
        var feed = FeedHandler()
        var good = Datagram(sequence: 1)
        good.addLevel("A", true, price: 1, size: 1)
        good.add([0x7A, 1, 2, 3])
        for length in 1..<good.bytes.count {
            #expect(feed.consume(Array(good.bytes[..<length])) == .failed(.truncated))
        }
        var changed = good
        changed.bytes[0] = 2
        #expect(feed.consume(changed.bytes) == .failed(.versionUnsupported))
        changed = good
        changed.put(UInt16(0x8005), 2)
        #expect(feed.consume(changed.bytes) == .failed(.protocolUnknown))
        for (offset, value) in [(14, 1), (14, 3), (14, 65_535), (12, 20), (40, 0), (40, 29), (40, 31), (40, 65_535)] {
            changed = good
            changed.put(UInt16(value), offset)
            #expect(feed.consume(changed.bytes) == .failed(.malformed), "\(value) at \(offset)")
        }
        let nothing = feed.best(symbol: FeedHandler.symbol("A"))
        #expect(nothing == nil, "a datagram is taken whole or not at all")
        #expect(feed.consume(good.bytes) == .decoded(messages: 2))
        #expect(feed.counters.value(.unknownMessages) == 1)
    }

    @Test func fullTablesAreCountedAndGoOn() {
        var feed = FeedHandler(limits: FeedLimits(symbols: 2, levels: 16))
        var datagram = Datagram(sequence: 1)
        for symbol in ["A", "B", "C"] { datagram.addLevel(symbol, true, price: 1, size: 1) }
        for price in 2...9 { datagram.addLevel("A", true, price: Int64(price), size: 1) }
        #expect(feed.consume(datagram.bytes) == .decoded(messages: 11))
        #expect(feed.counters.value(.symbolTableFull) == 1)
        #expect(feed.counters.value(.levelsFull) == 1)
        let best = feed.best(symbol: FeedHandler.symbol("A"))
        #expect(best?.bidPrice == 8)
    }

    /// Random levels of few symbols and many prices, against dictionaries.
    @Test func theBookIsWhatDictionariesSay() {
        var feed = FeedHandler(limits: FeedLimits(symbols: 8, levels: 1 << 15))
        var books: [String: [Int64: UInt32]] = [:]
        var random = SplitMix64(seed: 9)
        for sequence in 1...60_000 as ClosedRange<UInt64> {
            let symbol = "S\(random.next() % 5)"
            let isBid = random.next() % 2 == 0
            let price = Int64(random.next() % 700)
            let size = random.next() % 3 == 0 ? 0 : UInt32(1 + random.next() % 1_000)
            books[symbol + (isBid ? "b" : "o"), default: [:]][price] = size == 0 ? nil : size
            var datagram = Datagram(sequence: sequence)
            datagram.addLevel(symbol, isBid, price: price, size: size)
            _ = feed.consume(datagram.bytes)
            guard sequence.isMultiple(of: 16) else { continue }
            let best = feed.best(symbol: FeedHandler.symbol(symbol))
            let bid = books[symbol + "b"]?.max { $0.key < $1.key }
            let offer = books[symbol + "o"]?.min { $0.key < $1.key }
            guard best?.bidPrice == bid?.key ?? 0, best?.bidSize == bid?.value ?? 0,
                best?.askPrice == offer?.key ?? 0, best?.askSize == offer?.value ?? 0
            else {
                Issue.record("message \(sequence): \(String(describing: best))")
                return
            }
        }
        #expect(feed.counters.value(.levelsFull) == 0)
    }

    /// Whatever the bytes are, the handler reads inside them only and goes on.
    @Test func mutatedDatagramsNeverStopTheFeed() {
        var feed = FeedHandler(limits: FeedLimits(symbols: 64, levels: 4_096))
        var generator = DEEPGenerator(seed: 3, symbolCount: 20)
        var random = SplitMix64(seed: 4)
        #if DEBUG
            let rounds = 100_000
        #else
            let rounds = 2_000_000
        #endif
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 136, alignment: 8)
        defer { buffer.deallocate() }
        var decoded = 0
        for _ in 0..<rounds {
            let length = generator.next(into: buffer.baseAddress!, capacity: buffer.count)
            for _ in 0..<random.next() % 4 {
                buffer[Int(random.next() % UInt64(length))] = UInt8(truncatingIfNeeded: random.next())
            }
            let cut = random.next() % 4 == 0 ? Int(random.next() % UInt64(length + 1)) : length
            if case .decoded = feed.consume(buffer.baseAddress!, length: cut, receivedNanoseconds: 0) { decoded += 1 }
        }
        let counters = feed.counters
        let failed = [FeedCounter.truncated, .versionUnsupported, .protocolUnknown, .malformed].reduce(0) {
            $0 + counters.value($1)
        }
        #expect(counters.value(.packets) == UInt64(rounds))
        #expect(failed + UInt64(decoded) == UInt64(rounds))
        #expect(decoded > rounds / 4 && failed > UInt64(rounds / 4))
    }
}

@Suite struct DEEPGeneratorTests {
    @Test func whatItMakesIsDecodedWithoutAGap() {
        var feed = FeedHandler()
        var generator = DEEPGenerator(seed: 1)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 136, alignment: 8)
        defer { buffer.deallocate() }
        for _ in 0..<20_000 {
            let length = generator.next(into: buffer.baseAddress!, capacity: buffer.count)
            guard case .decoded(1...3) = feed.consume(buffer.baseAddress!, length: length, receivedNanoseconds: 1)
            else {
                Issue.record("a generated datagram was not decoded")
                return
            }
        }
        #expect(feed.counters.value(.messages) == generator.messageCount)
        #expect(feed.counters.value(.priceLevelUpdates) == generator.messageCount)
        #expect(feed.counters.value(.gaps) == 0)
        let symbols = feed.symbolCount
        #expect(symbols == 100)
    }

    @Test func theSeedDecides() {
        func bytes(_ seed: UInt64) -> [UInt8] {
            var generator = DEEPGenerator(seed: seed)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 136, alignment: 8)
            defer { buffer.deallocate() }
            var all: [UInt8] = []
            for _ in 0..<50 {
                let length = generator.next(into: buffer.baseAddress!, capacity: buffer.count)
                all += buffer[..<length]
            }
            return all
        }
        #expect(bytes(1) == bytes(1))
        #expect(bytes(1) != bytes(2))
    }
}
