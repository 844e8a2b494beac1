import Edge
import NetStack
import TestSupport
import Wire

/// The way of a frame from the device to its lane, with what holds for every frame.
final class FramePath {
    private static let now: UInt64 = 1_700_000_000_000_000_000
    private let interface = FrameBuilder.interface()
    private let parser: FrameParser
    private let classifier: Classifier
    private let prediction: HeaderPrediction

    init() throws {
        parser = FrameParser(interface)
        prediction = HeaderPrediction(interface)
        classifier = try Classifier(
            order: UDPEndpoint(address: FrameBuilder.ownAddress, port: FrameBuilder.orderPort),
            feeds: [UDPEndpoint(address: FrameBuilder.group, port: FrameBuilder.feedPort)])
    }

    func run(_ bytes: [UInt8], flags: Packet.Flags, isSegmented: Bool = false) {
        let frame = Array(bytes.prefix(9_000))
        let (verdict, payload) = parse(frame, flags, isSegmented)
        let again = parse(frame, flags, isSegmented, behind: [UInt8](repeating: 0x5A, count: 80))
        hold(again.verdict == verdict && again.payload == payload, "bytes behind the frame change its verdict")
        hold(!isSegmented || verdict == .drop(.segmented), "a frame in several buffers passed: \(verdict)")
        checkCaptured(frame)
        checkPrediction(frame, flags, isSegmented, verdict, payload)
        switch verdict {
        case .drop: break
        case .udp(let headers): checkDatagram(frame, headers, payload)
        case .arp, .icmp, .igmp: checkAnswer(frame, verdict, flags)
        }
    }

    /// Header prediction knows what the parser passed, and nothing that it would not pass.
    private func checkPrediction(
        _ frame: [UInt8], _ flags: Packet.Flags, _ isSegmented: Bool, _ verdict: FrameVerdict, _ payload: Range<Int>
    ) {
        guard !isSegmented else { return }
        let known = withPacket(frame, flags) { packet, _ in
            guard prediction.recognises(packet, length: frame.count) else { return nil as Range<Int>? }
            let start = Int(packet.payloadOffset)
            return start..<start + Int(packet.payloadLength)
        }
        if case .udp = verdict {
            hold(known == nil || known == payload, "predicted payload \(known as Any), parsed \(payload)")
            withPacket(frame, flags) { packet, _ in
                _ = parser.parse(packet)
                prediction.learn(packet)
            }
        } else {
            hold(known == nil, "predicted what the parser calls \(verdict)")
        }
    }

    /// The verdict on a frame in memory that ends where the frame does, or goes on with `behind`.
    private func parse(
        _ frame: [UInt8], _ flags: Packet.Flags, _ isSegmented: Bool, behind: [UInt8] = []
    ) -> (verdict: FrameVerdict, payload: Range<Int>) {
        withPacket(frame, flags, behind: behind) { packet, memory in
            if isSegmented {
                packet.header.storeBytes(of: UInt16(2), toByteOffset: Packet.Layout.segmentCount, as: UInt16.self)
            }
            let verdict = parser.parse(packet)
            hold(Array(memory) == frame + behind, "the parser wrote into the frame")
            if case .drop = verdict { return (verdict, 0..<0) }
            let start = Int(packet.payloadOffset)
            let range = start..<start + Int(packet.payloadLength)
            hold(range.upperBound <= frame.count, "payload \(range) of a frame of \(frame.count) bytes")
            return (verdict, range)
        }
    }

    /// A capture's frames are taken apart without the parser having passed them.
    private func checkCaptured(_ frame: [UInt8]) {
        withExactly(frame) { memory in
            guard let base = memory.baseAddress,
                let range = UDPPayload.range(inFrame: base, length: memory.count)
            else { return }
            hold(range.upperBound <= frame.count, "payload \(range) of a captured frame of \(frame.count) bytes")
        }
    }

    private func withPacket<Result>(
        _ frame: [UInt8], _ flags: Packet.Flags, behind: [UInt8] = [],
        _ body: (Packet, UnsafeMutableRawBufferPointer) -> Result
    ) -> Result {
        let header = UnsafeMutableRawPointer.allocate(byteCount: Packet.Layout.byteCount, alignment: 64)
        defer { header.deallocate() }
        return withExactly(frame + behind) { memory in
            // An empty frame's bytes may not be read, so any address will do.
            let packet = Packet(header: header, bytes: memory.baseAddress ?? header, capacity: memory.count)
            packet.length = UInt32(frame.count)
            packet.flags = flags
            return body(packet, memory)
        }
    }

    // MARK: What passed

    private func checkDatagram(_ frame: [UInt8], _ headers: FrameHeaders, _ payload: Range<Int>) {
        frame.withUnsafeBytes {
            let found = UDPPayload.range(inFrame: $0.baseAddress!, length: frame.count)
            hold(found == payload, "payload at \(payload) for the parser, at \(found as Any) for captures")
        }
        // The same meaning written anew means the same.
        let written = FrameBuilder().with {
            $0.sourceMAC = headers.sourceMAC
            $0.source = headers.sourceAddress
            $0.destination = headers.destinationAddress
            $0.destinationMAC =
                headers.destinationAddress.isMulticast
                ? MACAddress(multicastGroup: headers.destinationAddress) : FrameBuilder.ownMAC
            $0.tag = headers.vlan == 0 ? nil : headers.vlan
            $0.sourcePort = headers.sourcePort
            $0.destinationPort = headers.destinationPort
        }.udp(Array(frame[payload]))
        let (verdict, range) = parse(written, [], false)
        hold(verdict == .udp(headers), "written anew, \(headers) is \(verdict)")
        hold(written[range].elementsEqual(frame[payload]), "written anew, the payload is another")
        let lane = classifier.classifyUDP(destination: headers.destinationAddress, port: headers.destinationPort)
        let expected: Classification =
            switch (headers.destinationAddress, headers.destinationPort) {
            case (FrameBuilder.ownAddress, FrameBuilder.orderPort): .order
            case (FrameBuilder.group, FrameBuilder.feedPort): .marketData(feed: 0)
            default: .drop(.noListener)
            }
        hold(lane == expected, "\(headers) is classified as \(lane)")
    }

    private func checkAnswer(_ frame: [UInt8], _ verdict: FrameVerdict, _ flags: Packet.Flags) {
        guard let membership = try? MulticastMembership([MulticastSubscription(group: FrameBuilder.group)]) else {
            return hold(false, "one group is too many")
        }
        var responder = ControlResponder(interface, membership: membership)
        defer { responder.deallocate() }
        let (outcome, answer) = withPacket(frame, flags) { packet, memory in
            (responder.respond(to: packet, now: Self.now), Array(memory))
        }
        guard outcome == .reply else {
            hold(answer == frame, "a packet that is not answered was changed")
            return
        }
        hold(answer.count == frame.count, "the answer is not as long as the question")
        hold(answer[0..<6] == frame[6..<12], "the answer does not go back to the sender")
        hold(Array(answer[6..<12]) == FrameBuilder.bytes(FrameBuilder.ownMAC), "the answer is not from us")
        let offset = frame[12] == 0x81 ? 18 : 14
        if verdict == .arp {
            let own = FrameBuilder.bytes(FrameBuilder.ownMAC) + FrameBuilder.bytes(FrameBuilder.ownAddress)
            hold(Array(answer[offset + 6..<offset + 18]) == [0, 2] + own, "the reply does not name us")
            hold(answer[offset + 18..<offset + 28] == frame[offset + 8..<offset + 18], "the reply is not to the asker")
            let asker = IPv4Address(rawValue: frame[offset + 14..<offset + 18].reduce(0) { $0 << 8 | UInt32($1) })
            let isLearned = responder.neighbours.lookUp(asker, now: Self.now) != nil
            hold(isLearned == (asker != .any), "\(asker) learned: \(isLearned)")
        } else if flags.isEmpty {
            // What a right packet becomes is right too: the asker's own parser takes it.
            let header = answer[offset..<offset + 20]
            hold(FrameBuilder.naiveChecksum(Array(header)) == 0, "the answer's IPv4 checksum is wrong")
            let length = Int(answer[offset + 2]) << 8 | Int(answer[offset + 3])
            let message = Array(answer[offset + 20..<offset + length])
            hold(FrameBuilder.naiveChecksum(message) == 0, "the answer's ICMP checksum is wrong")
            hold(message[0] == 0 && message[4...] == Array(frame[offset + 20..<offset + length])[4...], "no echo")
        }
    }
}
