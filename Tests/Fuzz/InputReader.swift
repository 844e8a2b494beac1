/// Takes a fuzzer's input apart; what is not there reads as zero, so that every input means something.
struct InputReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    /// Little endian.
    mutating func number16() -> Int { Int(byte()) | Int(byte()) << 8 }

    /// The next `count` bytes, or as many as there are.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    mutating func rest() -> [UInt8] { take(bytes.count) }

    /// A row of datagrams: length in 16 bits, and that many bytes.
    mutating func datagram() -> [UInt8] { take(min(number16(), 2_048)) }

    /// The other direction.
    static func row(_ datagrams: [[UInt8]]) -> [UInt8] {
        datagrams.flatMap { [UInt8($0.count & 0xFF), UInt8($0.count >> 8)] + $0 }
    }
}

/// Memory of exactly the given bytes, so that AddressSanitizer sees a read of one byte more.
func withExactly<Result>(
    _ bytes: [UInt8], _ body: (UnsafeMutableRawBufferPointer) throws -> Result
) rethrows -> Result {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    return try body(memory)
}
