import NetStack
import Node
import Wire

/// Frames a node takes for its own, laid into the buffers of a `net_null` port: the port hands them out as they are, so
/// every frame received is one of these.
enum OrderFrames {
    /// The demonstration's node, with a feed sent to its own address: what passes the pipeline is market data to it.
    static func configuration() throws(ConfigurationError) -> NodeConfiguration {
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "benchmark")
        configuration.feeds[0].group = configuration.interfaces[0].address
        return configuration
    }

    /// Writes a datagram of the feed into every buffer of the device's pool.
    /// - Parameter bytes: length of the frame.
    static func fill(_ device: PacketDevice, bytes: Int) throws(ConfigurationError) {
        let configuration = try configuration()
        let interface = configuration.interfaces[0]
        let mac = MACAddress(rawValue: device.macAddress)
        // From and to the same MAC address: when they change places the frame is the same, and good for another round.
        let headers = UDPTemplate(
            sourceMAC: mac, destinationMAC: mac, sourceAddress: interface.hostAddress ?? IPv4Address(198, 18, 0, 1),
            destinationAddress: interface.address, sourcePort: 40_000, destinationPort: configuration.feeds[0].port)
        let capacity = 65_536
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: capacity)
        defer { packets.deallocate() }
        var count = 0
        while count < capacity, device.allocate(into: packets + count, count: 1) == 1 {
            let packet = packets[count]
            packet.bytes.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            _ = headers.writeHeaders(to: packet.bytes, payloadLength: bytes - UDPTemplate.headerLength)
            count += 1
        }
        device.free(packets, count: count)
    }
}
