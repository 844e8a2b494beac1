/// What a record of a version 3 report says about its group (RFC 3376 §4.2.12).
@frozen public enum IGMPRecordType: UInt8, Sendable {
    case modeIsInclude = 1
    case modeIsExclude = 2
    case changeToInclude = 3
    case changeToExclude = 4
    case allowNewSources = 5
    case blockOldSources = 6
}

/// Writes a version 3 membership report record by record (RFC 3376 §4.2): a header of 8 bytes, then per record 8 bytes
/// and 4 per source.
@frozen public struct IGMPReportWriter {
    @usableFromInline let bytes: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int
    @usableFromInline var length: Int
    public private(set) var recordCount = 0

    @inlinable public static var headerLength: Int { 8 }
    @inlinable public static func recordLength(sources: Int) -> Int { 8 &+ 4 &* sources }

    /// - Parameter capacity: bytes that may be written from `bytes` on; at least 8.
    public init(to bytes: UnsafeMutableRawPointer, capacity: Int) {
        precondition(capacity >= Self.headerLength, "a report takes 8 bytes at least")
        self.bytes = bytes
        self.capacity = capacity
        length = Self.headerLength
    }

    /// Appends a record; false, with nothing written, when it does not fit.
    public mutating func append(
        _ type: IGMPRecordType, group: IPv4Address, sources: UnsafePointer<IPv4Address>, count: Int
    ) -> Bool {
        guard length &+ Self.recordLength(sources: count) <= capacity else { return false }
        let record = bytes + length
        record.storeBigEndian32(UInt32(type.rawValue) << 24 | UInt32(truncatingIfNeeded: count), at: 0)
        record.storeBigEndian32(group.rawValue, at: 4)
        for index in 0..<count { record.storeBigEndian32(sources[index].rawValue, at: 8 &+ 4 &* index) }
        length &+= Self.recordLength(sources: count)
        recordCount &+= 1
        return true
    }

    /// Writes the header with the checksum; returns the length of the report.
    public func finish() -> Int {
        bytes.storeBigEndian32(UInt32(IGMPType.reportVersionThree.rawValue) << 24, at: 0)
        bytes.storeBigEndian32(UInt32(truncatingIfNeeded: recordCount), at: 4)
        bytes.storeBigEndian16(InternetChecksum.checksum(bytes, length: length), at: 2)
        return length
    }
}
