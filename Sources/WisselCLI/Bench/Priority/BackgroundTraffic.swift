import NetStack
import Orders
import Runtime
import Wire

/// The frames that compete with orders, ready in memory: market data of a feed, or an attack.
struct BackgroundTraffic: ~Copyable {
    enum Kind: String, CaseIterable, Sendable {
        /// Sequenced IEX-TP/DEEP datagrams of the configured feed.
        case marketData
        /// What an attacker sends at the order port: spoofed sources, fragments, answers of open DNS and NTP servers that
        /// nobody asked for, wrong checksums.
        case attack
    }

    let kind: Kind
    /// Frames one after another, `stride` bytes apart, their lengths in `lengths`.
    private let bytes: UnsafeMutableRawPointer
    private let stride: Int
    private var lengths: [Int] = []
    /// Messages in one pass over the frames; added to the sequence numbers of the next.
    private var messages: UInt64 = 0
    private var position = 0
    private var addedMessages: UInt64 = 0

    /// - Parameters:
    ///   - headers: of the feed, or of an order datagram.
    init(_ kind: Kind, headers: UDPTemplate, count: Int = 16_384, seed: UInt64 = 0x5769_7373_656C) {
        self.kind = kind
        stride = 256
        bytes = .allocate(byteCount: count * stride, alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count * stride)
        switch kind {
        case .marketData: fillMarketData(headers, count, seed)
        case .attack: fillAttack(headers, count, seed)
        }
    }

    deinit { bytes.deallocate() }

    private mutating func fillMarketData(_ headers: UDPTemplate, _ count: Int, _ seed: UInt64) {
        let tape = FeedTape(generated: count, seed: seed)
        for index in 0..<count {
            tape.withDatagram(index) { datagram in
                guard let payload = datagram.baseAddress else { return }
                let frame = bytes + index * stride
                (frame + UDPTemplate.headerLength).copyMemory(from: payload, byteCount: datagram.count)
                lengths.append(headers.writeHeaders(to: frame, payloadLength: datagram.count))
                messages += UInt64(payload.loadUnaligned(fromByteOffset: 14, as: UInt16.self).littleEndian)
            }
        }
    }

    private mutating func fillAttack(_ headers: UDPTemplate, _ count: Int, _ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for index in 0..<count {
            let frame = bytes + index * stride
            let kind = index % 8
            let spoofed = UDPTemplate(
                sourceMAC: headers.sourceMAC, destinationMAC: headers.destinationMAC,
                // Every second one from the participants' own network, so that a list of prefixes does not help.
                sourceAddress: index.isMultiple(of: 2)
                    ? IPv4Address(198, 18, 0, UInt8(2 + random.next() % 252))
                    : IPv4Address(rawValue: UInt32(truncatingIfNeeded: random.next()) % 0xDF00_0000 | 0x0100_0000),
                destinationAddress: headers.destinationAddress,
                sourcePort: kind == 5 ? 53 : kind == 6 ? 123 : UInt16(1_024 + random.next() % 60_000),
                destinationPort: headers.destinationPort)
            let payload = 16 + Int(random.next() % 48)
            for offset in 0..<payload {
                frame.storeBytes(
                    of: UInt8(truncatingIfNeeded: random.next()), toByteOffset: UDPTemplate.headerLength + offset,
                    as: UInt8.self)
            }
            lengths.append(spoofed.writeHeaders(to: frame, payloadLength: payload))
            switch kind {
            case 3: makeFragment(frame)
            case 4: frame.storeBytes(of: 0xFF, toByteOffset: UDPTemplate.headerLength + 3, as: UInt8.self)
            default: break
            }
        }
    }

    /// More fragments follow, with the checksum kept right (RFC 1624).
    private func makeFragment(_ frame: UnsafeMutableRawPointer) {
        func word(_ offset: Int) -> UInt16 { UInt16(bigEndian: frame.load(fromByteOffset: offset, as: UInt16.self)) }
        let checksum = InternetChecksum.updated(word(24), replacing: word(20), with: 0x2000)
        frame.storeBytes(of: UInt16(0x2000).bigEndian, toByteOffset: 20, as: UInt16.self)
        frame.storeBytes(of: checksum.bigEndian, toByteOffset: 24, as: UInt16.self)
    }

    /// Copies the next frame into an empty buffer; market data goes on in sequence for ever.
    mutating func write(to packet: Packet) {
        let length = lengths[position]
        packet.bytes.copyMemory(from: bytes + position * stride, byteCount: length)
        packet.length = UInt32(length)
        if kind == .marketData { goOnInSequence(packet) }
        position += 1
        if position == lengths.count {
            position = 0
            addedMessages += messages
        }
    }

    /// The sequence number in the datagram's header, and the UDP checksum over it (RFC 1624).
    private func goOnInSequence(_ packet: Packet) {
        let field = UDPTemplate.headerLength + 24
        let old = packet.bytes.loadUnaligned(fromByteOffset: field, as: UInt64.self)
        let new = (old.littleEndian &+ addedMessages).littleEndian
        let checksum = InternetChecksum.updated(
            UInt16(bigEndian: packet.bytes.loadUnaligned(fromByteOffset: 40, as: UInt16.self)),
            replacingField: UInt64(bigEndian: old), with: UInt64(bigEndian: new))
        packet.bytes.storeBytes(of: new, toByteOffset: field, as: UInt64.self)
        packet.bytes.storeBytes(
            of: (checksum == 0 ? 0xFFFF : checksum).bigEndian, toByteOffset: 40, as: UInt16.self)
    }
}
