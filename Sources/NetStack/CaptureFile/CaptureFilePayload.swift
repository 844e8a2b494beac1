import Wire

/// Where the payload of a captured UDP datagram lies: what is needed to play a capture again over another network.
public enum UDPPayload {
    /// The UDP payload of an Ethernet frame (one 802.1Q tag allowed) with IPv4, not fragmented.
    /// - Returns: nil for everything else and for frames cut by the capture.
    public static func range(inFrame frame: UnsafeRawPointer, length: Int) -> Range<Int>? {
        guard EthernetHeader.check(frame, length: length) == nil else { return nil }
        let ethernet = EthernetHeader(checked: frame)
        guard ethernet.etherType == .ipv4 else { return nil }
        let packet = frame + ethernet.length
        guard IPv4Header.check(packet, length: length - ethernet.length) == nil else { return nil }
        let ip = IPv4Header(checked: packet)
        guard ip.transport == .udp, !ip.isFragment else { return nil }
        let datagram = packet + ip.headerLength
        guard UDPHeader.check(datagram, length: ip.payloadLength) == nil else { return nil }
        let start = ethernet.length + ip.headerLength + UDPHeader.length
        return start..<ethernet.length + ip.headerLength + Int(UDPHeader(checked: datagram).datagramLength)
    }
}
