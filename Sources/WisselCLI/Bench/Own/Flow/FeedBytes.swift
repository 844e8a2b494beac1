/// Little-endian fields of a message at any alignment; zero outside it.
struct FeedBytes {
    let bytes: UnsafeRawBufferPointer

    var count: Int { bytes.count }

    func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
        guard offset >= 0, offset + MemoryLayout<Value>.size <= bytes.count else { return 0 }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Up to eight letters as a number.
    func symbol(_ offset: Int, length: Int) -> UInt64 {
        guard offset + length <= bytes.count else { return 0 }
        return bytes[offset..<offset + length].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A part; shorter where the message ends.
    func part(_ offset: Int, _ length: Int) -> FeedBytes {
        let start = min(max(0, offset), bytes.count)
        let end = min(bytes.count, start + max(0, length))
        return FeedBytes(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
}
