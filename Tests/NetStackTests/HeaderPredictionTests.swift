import NetStack
import TestSupport
import Testing
import Wire

/// That everything recognised is what the parser would have passed is tested by `MutatedPacketsTests`; here, that what
/// should be recognised is.
@Suite struct HeaderPredictionTests {
    let interface = FrameBuilder.interface()
    let frame = FrameBuilder.feed

    private func withPrediction(learning first: [UInt8], _ body: (HeaderPrediction) -> Void) {
        let prediction = HeaderPrediction(interface)
        defer { prediction.deallocate() }
        _ = first.asPacket { packet in
            guard case .udp = FrameParser(interface).parse(packet) else { return }
            packet.tag = 5
            packet.lane = 2
            prediction.learn(packet)
        }
        body(prediction)
    }

    private func isRecognised(_ bytes: [UInt8], by prediction: HeaderPrediction, flags: Packet.Flags = []) -> Bool {
        bytes.asPacket(flags: flags) { packet in
            guard prediction.recognises(packet, length: Int(packet.length)) else { return false }
            #expect(packet.payloadOffset == 42 && packet.tag == 5 && packet.lane == 2)
            return true
        }.0
    }

    @Test func whatVariesWithinAFlowIsRecognised() {
        withPrediction(learning: frame.udp([1, 2, 3])) { prediction in
            for length in 0..<200 {
                let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                #expect(isRecognised(frame.udp(payload), by: prediction), "\(length) bytes")
                #expect(isRecognised(frame.udp(payload, checksummed: false), by: prediction), "\(length) bytes")
            }
            #expect(isRecognised(frame.with { $0.timeToLive = 3 }.udp([9]), by: prediction))
            #expect(isRecognised(frame.with { $0.flagsAndOffset = 0x4000 }.udp([9]), by: prediction), "don't fragment")
            #expect(isRecognised(frame.udp([9]) + [0, 0, 0], by: prediction), "padding")
        }
    }

    @Test func whatMakesAnotherFlowIsNot() {
        withPrediction(learning: frame.udp([1, 2, 3])) { prediction in
            let others: [(String, FrameBuilder)] = [
                ("destination port", frame.with { $0.destinationPort ^= 0x1000 }),
                ("source port", frame.with { $0.sourcePort += 1 }),
                ("source address", frame.with { $0.source = IPv4Address(10, 0, 0, 8) }),
                ("destination address", frame.with { $0.destination = IPv4Address(233, 201, 79, 1) }),
                ("source MAC", frame.with { $0.sourceMAC = FrameBuilder.ownMAC }),
                ("destination MAC", frame.with { $0.destinationMAC = FrameBuilder.ownMAC }),
                ("tag", frame.with { $0.tag = 42 }), ("options", frame.with { $0.options = [1, 1, 1, 1] }),
                ("fragment", frame.with { $0.flagsAndOffset = 0x2000 }),
                ("fragment offset", frame.with { $0.flagsAndOffset = 1 }),
            ]
            for (what, other) in others { #expect(!isRecognised(other.udp([9]), by: prediction), "\(what)") }
            #expect(!isRecognised(frame.with { $0.transport = 6 }.udp([9]), by: prediction), "protocol")
        }
    }

    @Test func whatIsBrokenIsNot() {
        withPrediction(learning: frame.udp([1, 2, 3])) { prediction in
            let good = frame.udp(Array(1...30))
            #expect(isRecognised(good, by: prediction))
            #expect(!isRecognised(good.replacing(24, 0xAB), by: prediction), "IPv4 checksum")
            #expect(isRecognised(good.replacing(24, 0xAB), by: prediction, flags: [.ipChecksumGood]), "the NIC knows")
            #expect(!isRecognised(good.replacing(50, 0xAB), by: prediction), "UDP checksum")
            #expect(isRecognised(good.replacing(50, 0xAB), by: prediction, flags: [.l4ChecksumGood]), "the NIC knows")
            #expect(!isRecognised(Array(good.dropLast()), by: prediction), "cut off")
            #expect(!isRecognised(good.replacing(39, 37), by: prediction), "UDP length")
            #expect(!isRecognised(Array(good.prefix(41)), by: prediction), "shorter than its headers")
            #expect(!isRecognised(good + Array(repeating: 0, count: 1500), by: prediction), "oversized")
        }
    }

    @Test func anEmptyTableRecognisesNothing() {
        let prediction = HeaderPrediction(interface)
        defer { prediction.deallocate() }
        #expect(!isRecognised(Array(repeating: 0, count: 64), by: prediction))
        #expect(!isRecognised(frame.udp([1]), by: prediction))
    }

    @Test func whatIsForgottenIsNotRecognised() {
        withPrediction(learning: frame.udp([1])) { prediction in
            prediction.forget()
            #expect(!isRecognised(frame.udp([1]), by: prediction))
        }
    }
}
