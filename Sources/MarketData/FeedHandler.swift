import Runtime

/// Capacities of one feed.
public struct FeedLimits: Sendable {
    public var symbols: Int
    /// Price levels of all symbols and sides, 16 bytes each.
    public var levels: Int

    public init(symbols: Int = 16_384, levels: Int = 1 << 20) {
        self.symbols = symbols
        self.levels = levels
    }
}

/// The best prices of a symbol; a side without orders has size 0 and price 0.
public struct BestBidOffer: Sendable, Equatable {
    /// 1/10,000 of a dollar.
    public var bidPrice: Int64
    /// Shares.
    public var bidSize: UInt32
    public var askPrice: Int64
    public var askSize: UInt32
    /// Time of the last change, as the venue stamped it, nanoseconds since the Unix epoch.
    public var timestampNanoseconds: UInt64

    public init(
        bidPrice: Int64, bidSize: UInt32, askPrice: Int64, askSize: UInt32, timestampNanoseconds: UInt64
    ) {
        self.bidPrice = bidPrice
        self.bidSize = bidSize
        self.askPrice = askPrice
        self.askSize = askSize
        self.timestampNanoseconds = timestampNanoseconds
    }
}

/// One feed: IEX-TP framing and sequence, DEEP price levels, best bid and offer per symbol.
///
/// One thread; no allocation after `init`; counters may be read from any thread. Sources: IEX Transport Protocol
/// specification, IEX DEEP specification 1.0.
public struct FeedHandler: ~Copyable {
    public let counters = CounterBlock<FeedCounter>()
    private var symbols: SymbolTable
    private var levels: PriceLevels
    private var session: UInt32 = 0
    private var channel: UInt32 = 0
    /// Sequence the next message should have; 0 before the first datagram.
    public private(set) var nextSequence: UInt64 = 0

    public init(limits: FeedLimits = FeedLimits()) {
        symbols = SymbolTable(capacity: limits.symbols)
        levels = PriceLevels(capacity: limits.levels)
    }

    deinit {
        counters.deallocate()
        symbols.deallocate()
        levels.deallocate()
    }

    public var symbolCount: Int { symbols.count }

    /// Best bid and offer of a symbol (eight blank-padded characters, see `symbol(_:)`), nil when it was never heard of.
    public borrowing func best(symbol: UInt64) -> BestBidOffer? {
        guard let row = symbols.find(symbol) else { return nil }
        let (bid, offer) = (levels.best(row.pointee.bids), levels.best(row.pointee.offers))
        return BestBidOffer(
            bidPrice: bid?.key ?? 0, bidSize: bid?.size ?? 0, askPrice: offer.map { 0 &- $0.key } ?? 0,
            askSize: offer?.size ?? 0, timestampNanoseconds: row.pointee.timestampNanoseconds)
    }

    /// A symbol as the feed writes it.
    public static func symbol(_ text: String) -> UInt64 {
        var packed: UInt64 = 0
        var shift: UInt64 = 0
        for byte in text.utf8.prefix(8) {
            packed |= UInt64(byte) << shift
            shift += 8
        }
        while shift < 64 {
            packed |= 0x20 << shift
            shift += 8
        }
        return packed
    }

    /// Takes one datagram in.
    /// - Parameters:
    ///   - payload: the UDP payload, readable for `length` bytes; never read beyond.
    public mutating func consume(
        _ payload: UnsafeRawPointer, length: Int, receivedNanoseconds: UInt64
    ) -> FeedOutcome {
        counters.add(.packets)
        var header = IEXTPHeader()
        if let failure = IEXTPHeader.read(payload, length: length, into: &header) { return fail(failure) }
        let end = IEXTPHeader.byteCount &+ header.payloadLength
        guard hasSoundLengths(payload, header.messageCount, end: end) else { return fail(.malformed) }
        let skipped = follow(header)
        if header.messageCount == 0 { counters.add(.heartbeats) }
        guard skipped < header.messageCount else { return .decoded(messages: 0) }
        var position = IEXTPHeader.byteCount
        for index in 0..<header.messageCount {
            let size = Int(payload.u16(position))
            if index >= skipped { take(payload + (position &+ 2), length: size) }
            position &+= 2 &+ size
        }
        let taken = header.messageCount &- skipped
        counters.add(.messages, UInt64(truncatingIfNeeded: taken))
        return .decoded(messages: taken)
    }

    private func fail(_ failure: FeedFailure) -> FeedOutcome {
        switch failure {
        case .truncated: counters.add(.truncated)
        case .versionUnsupported: counters.add(.versionUnsupported)
        case .protocolUnknown: counters.add(.protocolUnknown)
        case .malformed: counters.add(.malformed)
        }
        return .failed(failure)
    }

    /// A datagram is taken whole or not at all: its messages must fill the payload exactly.
    private func hasSoundLengths(_ payload: UnsafeRawPointer, _ count: Int, end: Int) -> Bool {
        var position = IEXTPHeader.byteCount
        for _ in 0..<count {
            guard position &+ 2 <= end else { return false }
            let size = Int(payload.u16(position))
            guard size >= 1, DEEPMessage.hasRightLength(type: payload.u8(min(position &+ 2, end &- 1)), length: size)
            else { return false }
            position &+= 2 &+ size
        }
        return position == end
    }

    /// Follows the sequence; returns how many of the datagram's messages have come before.
    private mutating func follow(_ header: IEXTPHeader) -> Int {
        if header.session != session || header.channel != channel || nextSequence == 0 {
            if nextSequence != 0 { counters.add(.newSessions) }
            session = header.session
            channel = header.channel
            nextSequence = header.firstSequence
        }
        let end = header.firstSequence &+ UInt64(truncatingIfNeeded: header.messageCount)
        if header.firstSequence > nextSequence {
            counters.add(.gaps)
            counters.add(.missing, header.firstSequence &- nextSequence)
            nextSequence = end
            return 0
        }
        let seen = Int(truncatingIfNeeded: min(nextSequence &- header.firstSequence, UInt64(header.messageCount)))
        counters.add(.duplicates, UInt64(truncatingIfNeeded: seen))
        if end > nextSequence { nextSequence = end }
        return seen
    }

    private mutating func take(_ message: UnsafeRawPointer, length: Int) {
        switch message.u8(0) {
        case DEEPMessage.priceLevelUpdateBuy: update(message, isBid: true)
        case DEEPMessage.priceLevelUpdateSell: update(message, isBid: false)
        case DEEPMessage.tradeReport: counters.add(.trades)
        case let type where DEEPMessage.isKnown(type): counters.add(.otherMessages)
        default: counters.add(.unknownMessages)
        }
    }

    private mutating func update(_ message: UnsafeRawPointer, isBid: Bool) {
        counters.add(.priceLevelUpdates)
        guard let row = symbols.row(message.u64(DEEPMessage.symbolOffset)) else {
            counters.add(.symbolTableFull)
            return
        }
        let price = message.i64(DEEPMessage.priceOffset)
        let size = message.u32(DEEPMessage.sizeOffset)
        row.pointee.timestampNanoseconds = message.u64(DEEPMessage.timestampOffset)
        let isKept =
            isBid
            ? levels.set(price, size: size, in: &row.pointee.bids)
            : levels.set(0 &- price, size: size, in: &row.pointee.offers)
        if !isKept { counters.add(.levelsFull) }
    }
}
