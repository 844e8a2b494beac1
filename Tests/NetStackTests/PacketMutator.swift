import Runtime
import TestSupport
import Wire

/// Makes valid frames of every kind the node knows and then damages some of them, all from one seed.
struct PacketMutator {
    private var random: SplitMix64
    private let seeds: [[UInt8]]
    /// The frame made last; room for the longest and what is put behind it.
    private(set) var frame: UnsafeMutableRawBufferPointer

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        let plain = FrameBuilder()
        let broadcast = plain.with { $0.destinationMAC = .broadcast }
        let text = (0..<64).map { UInt8($0) }
        let long = (0..<1400).map { UInt8($0 & 0xFF) }
        seeds = [
            plain.udp(text), plain.udp([]), plain.udp(text, checksummed: false), plain.with { $0.tag = 42 }.udp(text),
            plain.with { $0.options = [1, 1, 1, 0] }.udp(text), plain.udp([1]) + [UInt8](repeating: 0, count: 17),
            plain.with { $0.destinationPort = 9 }.udp(text), FrameBuilder.feed.udp(text), FrameBuilder.feed.udp(long),
            FrameBuilder.feed.with { $0.tag = 42 }.udp(text), broadcast.arp(), broadcast.arp() + text[..<18],
            broadcast.with { $0.tag = 42 }.arp(), plain.arp(operation: 2), plain.echo(text), plain.echo(text, type: 0),
            plain.with { $0.tag = 42 }.echo(text), plain.with { $0.transport = 1 }.ipv4([8, 0, 0, 0]),
            broadcast.with { $0.source = FrameBuilder.ownAddress }.arp(), plain.with { $0.transport = 6 }.ipv4(text),
            FrameBuilder.query.igmp([0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0]),
            FrameBuilder.query.igmp([0x11, 100, 0, 0, 0, 0, 0, 0]),
        ]
        frame = .allocate(byteCount: 2048, alignment: 16)
    }

    func deallocate() { frame.deallocate() }

    /// The next frame: one in four is left whole, the others get one to four mutations, or are noise.
    mutating func next() -> UnsafeRawBufferPointer {
        if random.next(below: 64) == 0 { return noise() }
        let seed = seeds[random.next(below: seeds.count)]
        seed.withUnsafeBytes { frame.copyMemory(from: $0) }
        var length = seed.count
        guard random.next(below: 4) > 0 else { return UnsafeRawBufferPointer(rebasing: frame[..<length]) }
        for _ in 0...random.next(below: 4) { mutate(&length) }
        // Without right checksums, most lies would be found by the checksum alone.
        if random.next(below: 2) == 0 { repairChecksums(length) }
        return UnsafeRawBufferPointer(rebasing: frame[..<length])
    }

    private mutating func noise() -> UnsafeRawBufferPointer {
        let length = random.next(below: 1600)
        for index in 0..<length { frame[index] = UInt8(truncatingIfNeeded: random.next()) }
        return UnsafeRawBufferPointer(rebasing: frame[..<length])
    }

    private mutating func mutate(_ length: inout Int) {
        switch random.next(below: 6) {
        case 0 where length > 0: frame[random.next(below: length)] ^= 1 << UInt8(random.next(below: 8))
        case 1 where length > 0: frame[random.next(below: min(length, 64))] = UInt8(random.next(below: 256))
        case 2: length = random.next(below: length + 1)
        case 3:
            let extended = min(length + random.next(below: 64), 1600)
            for index in length..<extended { frame[index] = UInt8(random.next(below: 256)) }
            length = extended
        // A lie in a length or type field: version and header length, total length, flags, protocol, UDP length.
        case 4: lie(length, at: [12, 14, 16, 17, 18, 20, 21, 23, 38, 39, 42, 43][random.next(below: 12)])
        default: lie(length, at: random.next(below: 48))
        }
    }

    private mutating func lie(_ length: Int, at offset: Int) {
        guard offset < length else { return }
        let values: [UInt8] = [0, 1, 4, 7, 8, 19, 20, 0x40, 0x44, 0x45, 0x46, 0x4F, 0x7F, 0x80, 0xFF]
        frame[offset] = values[random.next(below: values.count)]
    }

    /// Makes the IPv4 header checksum right, and takes the UDP checksum away, wherever they would be.
    private func repairChecksums(_ length: Int) {
        guard length >= 14 else { return }
        let start = frame[12] == 0x81 && frame[13] == 0 ? 18 : 14
        guard length >= start + 20 else { return }
        let headerLength = Int(frame[start] & 0xF) * 4
        guard headerLength >= 20, start + headerLength <= length else { return }
        (frame[start + 10], frame[start + 11]) = (0, 0)
        let checksum = InternetChecksum.checksum(frame.baseAddress! + start, length: headerLength)
        (frame[start + 10], frame[start + 11]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        let udp = start + headerLength
        if frame[start + 9] == 17, length >= udp + 8 { (frame[udp + 6], frame[udp + 7]) = (0, 0) }
    }
}
