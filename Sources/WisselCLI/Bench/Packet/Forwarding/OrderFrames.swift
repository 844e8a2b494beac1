import NetStack
import Node
import Wire

/// Frames a node takes for its own: what passes the pipeline is market data to it.
enum OrderFrames {
    /// The demonstration's node, with a feed sent to its own address.
    static func configuration() throws(ConfigurationError) -> NodeConfiguration {
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "benchmark")
        configuration.feeds[0].group = configuration.interfaces[0].address
        return configuration
    }

    /// From and to the same MAC address: when they change places the frame is the same, and good for another round.
    static func headers(macAddress: UInt64) throws(ConfigurationError) -> UDPTemplate {
        let configuration = try configuration()
        let interface = configuration.interfaces[0]
        let mac = MACAddress(rawValue: macAddress)
        return UDPTemplate(
            sourceMAC: mac, destinationMAC: mac, sourceAddress: interface.hostAddress ?? IPv4Address(198, 18, 0, 1),
            destinationAddress: interface.address, sourcePort: 40_000, destinationPort: configuration.feeds[0].port)
    }

    /// Writes a datagram of the feed into a buffer. The payload is zero but for 16 bytes at its beginning whose words
    /// add up to the same sum whatever `FrameStamp` writes there.
    static func write(_ headers: UDPTemplate, to packet: Packet, bytes: Int) {
        packet.bytes.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        FrameStamp(ticks: 0, sequence: 0).write(to: packet)
        _ = headers.writeHeaders(to: packet.bytes, payloadLength: bytes - UDPTemplate.headerLength)
        packet.length = UInt32(bytes)
    }

    /// Writes the datagram into every buffer of a `net_null` port's pool: the port hands its buffers out as they are,
    /// so every frame received is one of these.
    static func fill(_ device: PacketDevice, bytes: Int) throws(ConfigurationError) {
        let headers = try headers(macAddress: device.macAddress)
        let capacity = 65_536
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: capacity)
        defer { packets.deallocate() }
        var count = 0
        while count < capacity, device.allocate(into: packets + count, count: 1) == 1 {
            write(headers, to: packets[count], bytes: bytes)
            count += 1
        }
        device.free(packets, count: count)
    }

    /// Puts `count` frames into a port that receives what it sends, where they then go round.
    /// - Parameter macAddress: of the port whose pipeline is to take them for its own.
    /// - Returns: how many the port took.
    static func prime(_ device: PacketDevice, macAddress: UInt64, bytes: Int, count: Int) throws(ConfigurationError)
        -> Int
    {
        let headers = try headers(macAddress: macAddress)
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: count)
        defer { packets.deallocate() }
        guard device.allocate(into: packets, count: count) == count else { return 0 }
        for index in 0..<count { write(headers, to: packets[index], bytes: bytes) }
        let sent = device.transmit(packets, count: count)
        device.free(packets + sent, count: count - sent)
        return sent
    }
}
