import Runtime

/// Makes IEX-TP/DEEP datagrams like a venue's, for machines without a capture: seeded, sequences without gaps, price
/// levels around a wandering price per symbol, one to three messages a datagram.
public struct DEEPGenerator {
    private var random: SplitMix64
    private var prices: [Int64]
    private let symbols: [UInt64]
    private var sequence: UInt64 = 1
    private var offset: Int64 = 0
    private var nanoseconds: UInt64

    /// Messages made so far.
    public var messageCount: UInt64 { sequence - 1 }

    /// - Parameter symbolCount: 1…9,999.
    public init(seed: UInt64, symbolCount: Int = 100, startNanoseconds: UInt64 = 1_790_000_000_000_000_000) {
        precondition((1...9_999).contains(symbolCount), "a generator makes 1…9,999 symbols")
        random = SplitMix64(seed: seed)
        symbols = (0..<symbolCount).map { FeedHandler.symbol("GEN\($0)") }
        prices = (0..<symbolCount).map { 100_000 + Int64($0) * 1_000 }
        nanoseconds = startNanoseconds
    }

    /// Writes the next datagram.
    /// - Parameter capacity: bytes at `buffer`, at least 136.
    /// - Returns: its length.
    public mutating func next(into buffer: UnsafeMutableRawPointer, capacity: Int) -> Int {
        precondition(capacity >= 136, "a generated datagram takes up to 136 bytes")
        let count = 1 + Int(random.next() % 3)
        nanoseconds &+= random.next() % 200_000
        var length = IEXTPHeader.byteCount
        for _ in 0..<count {
            put(UInt16(DEEPMessage.priceLevelUpdateLength), buffer, length)
            writeUpdate(buffer + length + 2)
            length += 2 + DEEPMessage.priceLevelUpdateLength
        }
        buffer.initializeMemory(as: UInt8.self, repeating: 0, count: IEXTPHeader.byteCount)
        put(UInt8(1), buffer, 0)
        put(IEXTPHeader.deep, buffer, 2)
        put(UInt32(1), buffer, 4)
        put(UInt32(1_150_000_000), buffer, 8)
        put(UInt16(length - IEXTPHeader.byteCount), buffer, 12)
        put(UInt16(count), buffer, 14)
        put(UInt64(bitPattern: offset), buffer, 16)
        put(sequence, buffer, 24)
        put(nanoseconds, buffer, 32)
        sequence += UInt64(count)
        offset += Int64(length - IEXTPHeader.byteCount)
        return length
    }

    private mutating func writeUpdate(_ message: UnsafeMutableRawPointer) {
        let symbol = Int(random.next() % UInt64(symbols.count))
        let isBid = random.next() & 1 == 0
        if random.next() % 16 == 0 { prices[symbol] = max(1_000, prices[symbol] + Int64(random.next() % 201) - 100) }
        let distance = Int64(1 + random.next() % 10) * 100
        let size = random.next() % 4 == 0 ? 0 : UInt32(1 + random.next() % 20) * 100
        put(isBid ? DEEPMessage.priceLevelUpdateBuy : DEEPMessage.priceLevelUpdateSell, message, 0)
        put(UInt8(1), message, 1)
        put(nanoseconds, message, DEEPMessage.timestampOffset)
        put(symbols[symbol], message, DEEPMessage.symbolOffset)
        put(size, message, DEEPMessage.sizeOffset)
        put(
            UInt64(bitPattern: isBid ? prices[symbol] - distance : prices[symbol] + distance), message,
            DEEPMessage.priceOffset)
    }

    private func put<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, _ buffer: UnsafeMutableRawPointer, _ offset: Int
    ) {
        buffer.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }
}
