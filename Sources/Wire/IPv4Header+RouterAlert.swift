extension IPv4Header {
    /// Bytes of a header with the Router Alert option.
    @inlinable public static var routerAlertLength: Int { 24 }

    /// True when the Router Alert option (type 148, RFC 2113) is among the header's options.
    public var hasRouterAlert: Bool {
        var offset = Self.minimumLength
        let end = headerLength
        while offset < end {
            switch bytes.byte(at: offset) {
            case 0: return false
            case 1: offset &+= 1
            case 148: return true
            default:
                // Every other option tells its length, itself included; one that lies ends the search.
                guard offset &+ 1 < end, bytes.byte(at: offset &+ 1) >= 2 else { return false }
                offset &+= Int(bytes.byte(at: offset &+ 1))
            }
        }
        return false
    }

    /// Writes a header of 24 bytes with Router Alert, which makes routers look into packets that are not for them, as
    /// IGMP wants it (RFC 3376 §4), with its checksum.
    /// - Parameter payloadLength: bytes behind the header, at most 65,511.
    public static func writeWithRouterAlert(
        to bytes: UnsafeMutableRawPointer, trafficClass: UInt8, payloadLength: Int, timeToLive: UInt8,
        transport: IPProtocol, source: IPv4Address, destination: IPv4Address
    ) {
        write(
            to: bytes, trafficClass: trafficClass,
            totalLength: UInt16(truncatingIfNeeded: routerAlertLength &+ payloadLength), flagsAndOffset: 0,
            timeToLive: timeToLive, transport: transport, checksum: 0, source: source, destination: destination)
        bytes.storeByte(0x46, at: 0)
        bytes.storeBigEndian32(0x9404_0000, at: 20)
        bytes.storeBigEndian16(InternetChecksum.checksum(bytes, length: routerAlertLength), at: 10)
    }
}
