import MarketData
import TestSupport
import Testing

/// Minutes of a real venue, decoded: what was counted in these files before this code existed.
@Suite(.enabled(if: Captures.areWanted, "needs ../shared/data/captures beside the repository"))
struct CaptureTests {
    @Test func deepIsDecodedWhole() throws {
        var feed = FeedHandler()
        let frames = try Captures.forEachPayload(Captures.deep) { payload in
            _ = feed.consume(payload.baseAddress!, length: payload.count, receivedNanoseconds: 1)
        }
        #expect(frames == 150_000)
        let counters = feed.counters
        #expect(counters.value(.packets) == 150_000)
        #expect(counters.value(.messages) == 203_110)
        let symbols = feed.symbolCount
        #expect(symbols == 383)
        for fault in [
            FeedCounter.gaps, .missing, .duplicates, .newSessions, .unknownMessages, .truncated, .versionUnsupported,
            .protocolUnknown, .malformed, .symbolTableFull, .levelsFull,
        ] {
            #expect(counters.value(fault) == 0, "\(fault)")
        }
        let decoded = counters.value(.priceLevelUpdates) + counters.value(.trades) + counters.value(.otherMessages)
        #expect(decoded == 203_110)
    }

    @Test func topsHasTheSameFrame() throws {
        var feed = FeedHandler()
        try Captures.forEachPayload(Captures.tops) { payload in
            _ = feed.consume(payload.baseAddress!, length: payload.count, receivedNanoseconds: 1)
        }
        #expect(feed.counters.value(.messages) == 212_153)
        #expect(feed.counters.value(.gaps) == 0 && feed.counters.value(.malformed) == 0)
    }

    private struct Moment: Hashable {
        var symbol: UInt64
        var nanoseconds: UInt64
    }

    /// The venue publishes its own best bid and offer in TOPS: it is the judge of the one built from DEEP's price levels.
    @Test func bestBidAndOfferAgreeWithTheVenuesOwn() throws {
        var feed = FeedHandler()
        var built: [Moment: BestBidOffer] = [:]
        var sequence: UInt64 = 0
        let single = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_500, alignment: 8)
        defer { single.deallocate() }
        try Captures.forEachPayload(Captures.deep) { payload in
            try Self.forEachMessage(payload) { message in
                // One message per datagram, so that the book can be looked at after each.
                sequence += 1
                Self.wrap(message, of: payload, sequence: sequence, into: single)
                let outcome = feed.consume(
                    single.baseAddress!, length: 42 + message.count, receivedNanoseconds: 1)
                #expect(outcome == .decoded(messages: 1))
                let isUpdate = message[0] == 0x38 || message[0] == 0x35
                guard isUpdate, message[1] & 1 == 1 else { return }
                let symbol = message.loadUnaligned(fromByteOffset: 10, as: UInt64.self)
                let moment = Moment(
                    symbol: symbol, nanoseconds: message.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
                built[moment] = feed.best(symbol: symbol)
            }
        }
        var (equal, different) = (0, 0)
        try Captures.forEachPayload(Captures.tops) { payload in
            try Self.forEachMessage(payload) { message in
                guard message[0] == 0x51 else { return }
                let moment = Moment(
                    symbol: message.loadUnaligned(fromByteOffset: 10, as: UInt64.self),
                    nanoseconds: message.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
                // TOPS rolls odd lots up into the next level, DEEP shows them: only whole lots can be compared as they are.
                guard let best = built[moment], best.bidSize >= 100, best.askSize >= 100 else { return }
                let isEqual =
                    best.bidPrice == message.loadUnaligned(fromByteOffset: 22, as: Int64.self)
                    && best.askPrice == message.loadUnaligned(fromByteOffset: 30, as: Int64.self)
                    && best.bidSize == message.loadUnaligned(fromByteOffset: 18, as: UInt32.self)
                    && best.askSize == message.loadUnaligned(fromByteOffset: 38, as: UInt32.self)
                if isEqual { equal += 1 } else { different += 1 }
            }
        }
        #expect(equal > 50_000, "\(equal) equal, \(different) different")
        #expect(different * 1_000 < equal, "\(equal) equal, \(different) different")
    }

    private static func forEachMessage(
        _ payload: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var position = IEXTPHeader.byteCount
        while position < payload.count {
            let length = Int(payload.loadUnaligned(fromByteOffset: position, as: UInt16.self))
            try body(UnsafeRawBufferPointer(rebasing: payload[position + 2..<position + 2 + length]))
            position += 2 + length
        }
    }

    private static func wrap(
        _ message: UnsafeRawBufferPointer, of payload: UnsafeRawBufferPointer, sequence: UInt64,
        into buffer: UnsafeMutableRawBufferPointer
    ) {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: payload[..<IEXTPHeader.byteCount]))
        buffer.storeBytes(of: UInt16(2 + message.count), toByteOffset: 12, as: UInt16.self)
        buffer.storeBytes(of: UInt16(1), toByteOffset: 14, as: UInt16.self)
        buffer.storeBytes(of: sequence, toByteOffset: 24, as: UInt64.self)
        buffer.storeBytes(of: UInt16(message.count), toByteOffset: 40, as: UInt16.self)
        UnsafeMutableRawBufferPointer(rebasing: buffer[42...]).copyMemory(from: message)
    }
}
