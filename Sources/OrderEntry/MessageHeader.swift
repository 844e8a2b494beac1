/// The 16 bytes every message starts with. Little endian; the byte table is in this folder's README.
public enum MessageHeader {
    /// Bytes of the header.
    @inlinable public static var size: Int { 16 }
    /// Longest message of this version, header included; a multiple of 8.
    @inlinable public static var maximumMessageLength: Int { 104 }
    /// The protocol version spoken here.
    @inlinable public static var version: UInt8 { 1 }

    static let lengthOffset = 0
    static let typeOffset = 2
    static let versionOffset = 3
    static let sessionOffset = 4
    static let sequenceOffset = 8

    /// Writes a header, and zeros over the rest of the message, so that reserved bytes are zero.
    @inlinable static func write(
        _ type: MessageType, session: UInt32, sequence: UInt64, to bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = type.length
        (bytes + 16).initializeMemory(as: UInt8.self, repeating: 0, count: length &- 16)
        bytes.storeBytes(of: UInt16(truncatingIfNeeded: length).littleEndian, as: UInt16.self)
        bytes.storeBytes(of: type.rawValue, toByteOffset: 2, as: UInt8.self)
        bytes.storeBytes(of: version, toByteOffset: 3, as: UInt8.self)
        bytes.storeBytes(of: session.littleEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: sequence.littleEndian, toByteOffset: 8, as: UInt64.self)
        return length
    }

    /// Length of the message at `bytes` as its header says; checked by `MessageFramer` before anyone relies on it.
    @inlinable public static func length(at bytes: UnsafeRawPointer) -> Int { Int(bytes.u16(0)) }
    @inlinable public static func type(at bytes: UnsafeRawPointer) -> MessageType? {
        MessageType(rawValue: bytes.u8(2))
    }
    @inlinable public static func session(at bytes: UnsafeRawPointer) -> UInt32 { bytes.u32(4) }
    @inlinable public static func sequence(at bytes: UnsafeRawPointer) -> UInt64 { bytes.u64(8) }
}

/// Message types; raw values are the protocol's.
@frozen public enum MessageType: UInt8, CaseIterable, Sendable {
    case establish = 1
    case establishAck = 2
    case establishReject = 3
    case heartbeat = 4
    case terminate = 5
    case retransmitRequest = 6
    case retransmitReject = 7
    case notApplied = 8
    case newOrder = 16
    case cancel = 17
    case replace = 18
    case newOrderTerms = 19
    case quote = 20
    case massCancel = 21
    case executionReport = 32

    /// Bytes of a message of this type, header included.
    @inlinable public var length: Int {
        switch self {
        case .establish: 80
        case .establishAck: 48
        case .establishReject: 32
        case .heartbeat: 16
        case .terminate: 24
        case .retransmitRequest: 32
        case .retransmitReject: 40
        case .notApplied: 32
        case .newOrder: 48
        case .cancel: 40
        case .replace: 56
        case .newOrderTerms: 88
        case .quote: 48
        case .massCancel: 48
        case .executionReport: 104
        }
    }
}

extension UnsafeRawPointer {
    @inlinable func u8(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
    @inlinable func u16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    @inlinable func u32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    @inlinable func u64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

extension UnsafeMutableRawPointer {
    @inlinable func put(_ value: UInt8, _ offset: Int) { storeBytes(of: value, toByteOffset: offset, as: UInt8.self) }
    @inlinable func put(_ value: UInt32, _ offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
    @inlinable func put(_ value: UInt64, _ offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
