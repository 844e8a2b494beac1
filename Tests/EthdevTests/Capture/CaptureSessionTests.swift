import Ethdev
import Glibc
import NetStack
import Runtime
import Testing

/// A frame as the tests look at it.
private struct Seen: Equatable {
    var bytes: [UInt8]
    var originalLength: Int
    var isOutbound: Bool

    init(_ bytes: [UInt8], originalLength: Int? = nil, isOutbound: Bool) {
        self.bytes = bytes
        self.originalLength = originalLength ?? bytes.count
        self.isOutbound = isOutbound
    }

    init(_ frame: CapturedFrame) {
        self.init(Array(frame.bytes), originalLength: frame.originalLength, isOutbound: frame.isOutbound)
    }
}

extension EnvironmentTests {
    @Suite struct CaptureSessionTests {
        private let clock: Clock

        init() throws {
            try EnvironmentTests.startEAL()
            clock = try Clock.calibrated(durationNanoseconds: 1_000_000)
        }

        /// Sends the frames through a ring and takes them back on the same thread, then ends the capture beside a poller.
        private func capture(
            _ frames: [[UInt8]], _ change: (inout CaptureRequest) throws -> Void = { _ in }
        ) throws -> (frames: [Seen], counts: CaptureCounts) {
            let port = try EthdevPort(.ring("capture"), configuration: smallPort)
            try port.start()
            var request = CaptureRequest()
            try change(&request)
            let session = try CaptureSession(ports: [port], request: request, clock: clock)
            for frame in frames {
                #expect(port.devices[0].send(frame))
                #expect(port.devices[0].awaitFrame() == frame)
            }
            var seen: [Seen] = []
            #expect(session.drain(limit: 2) { seen.append(Seen($0)) } <= 2)
            let poller = BackgroundReceiver(port.devices[0])
            let isWhole = session.stop { seen.append(Seen($0)) }
            poller.stop()
            #expect(isWhole)
            let counts = session.counts[0]
            #expect(port.close() == 0)
            return (seen, counts)
        }

        @Test func `frames are seen both ways, whole and in order`() throws {
            let frames = [60, 61, 64, 1514].map { testFrame(count: $0) }
            let (seen, counts) = try capture(frames)
            #expect(seen == frames.flatMap { [Seen($0, isOutbound: true), Seen($0, isOutbound: false)] })
            #expect(counts.seen == 8 && counts.accepted == 8 && counts.dropped == 0)
        }

        @Test(arguments: [CaptureRequest.Direction.receive, .transmit])
        func `one direction leaves the other out`(direction: CaptureRequest.Direction) throws {
            let frame = testFrame(count: 100)
            let (seen, counts) = try capture([frame, frame]) { $0.direction = direction }
            #expect(seen == [Seen](repeating: Seen(frame, isOutbound: direction == .transmit), count: 2))
            #expect(counts.seen == 2)
        }

        @Test func `a snap length cuts and the original length stays`() throws {
            let frame = testFrame(count: 200)
            let (seen, _) = try capture([frame]) {
                $0.snapLength = 33
                $0.direction = .receive
            }
            #expect(seen == [Seen(Array(frame.prefix(33)), originalLength: 200, isOutbound: false)])
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            var request = CaptureRequest()
            request.snapLength = 13
            let error = ethdevError { () throws(EthdevError) in
                _ = try CaptureSession(ports: [port], request: request, clock: clock)
            }
            #expect(error?.kind == .configuration)
            #expect(port.close() == 0)
        }

        @Test func `stamps are the node's clock`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            try port.start()
            let session = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
            let before = clock.now()
            let frame = port.devices[0].awaitFrame()
            let after = clock.now()
            #expect(frame?.count == 64)
            var stamps: [UInt64] = []
            let poller = BackgroundReceiver(port.devices[0])
            _ = session.stop { stamps.append($0.timestampNanoseconds) }
            poller.stop()
            #expect((before...after).contains(try #require(stamps.first)))
            #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(port.close() == 0)
        }

        /// Nobody takes anything out while the port brings frames: what does not fit is counted, nothing stops.
        @Test func `a full ring loses frames for the capture and counts them`() throws {
            let port = try EthdevPort(.null(packetBytes: 1514, copy: false), configuration: smallPort)
            try port.start()
            let session = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
            let poller = BackgroundReceiver(port.devices[0])
            while session.counts[0].dropped < 1_000 { usleep(1_000) }
            var taken: UInt64 = 0
            #expect(session.stop { _ in taken += 1 })
            poller.stop()
            let counts = session.counts[0]
            #expect(counts.seen == counts.accepted && counts.accepted == taken + counts.dropped)
            // 1,514 bytes and their header take 1,544; the ring was full when the first was lost.
            #expect(taken >= UInt64(CaptureSession.ringBytes / 1_544))
            #expect(port.close() == 0)
        }

        @Test func `what the driver does not take is captured when it does`() throws {
            var configuration = smallPort
            // More buffers than the ring has places.
            configuration.mbufCount = 4_095
            let port = try EthdevPort(.ring("capture2"), configuration: configuration)
            try port.start()
            var request = CaptureRequest()
            request.direction = .transmit
            let session = try CaptureSession(ports: [port], request: request, clock: clock)
            let device = port.devices[0]
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
            defer { packets.deallocate() }
            var sent: UInt64 = 0
            var refused = false
            while !refused {
                guard device.allocate(into: packets, count: 32) == 32 else { break }
                for index in 0..<32 { packets[index].length = 60 }
                let taken = device.transmit(packets, count: 32)
                sent += UInt64(taken)
                refused = taken < 32
                device.free(packets + taken, count: 32 - taken)
            }
            #expect(refused)
            var seen: UInt64 = 0
            let poller = BackgroundReceiver(device)
            #expect(session.stop { _ in seen += 1 })
            poller.stop()
            #expect(seen == sent && session.counts[0].seen == sent && sent > 0)
            #expect(port.close() == 0)
        }

        @Test func `one capture at a time, and the next when it has ended`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            try port.start()
            let poller = BackgroundReceiver(port.devices[0])
            for _ in 0..<5 {
                let session = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
                let error = ethdevError { () throws(EthdevError) in
                    _ = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
                }
                #expect(error?.errorNumber == 16 && error?.remedy.contains("other capture") == true)
                usleep(2_000)
                #expect(session.stop { _ in })
            }
            poller.stop()
            #expect(poller.received.load(ordering: .relaxed) > 0)
            #expect(port.close() == 0)
        }

        @Test func `a thread that does not poll keeps its ring until it is back`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            try port.start()
            let first = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
            #expect(!first.stop { _ in })
            let error = ethdevError { () throws(EthdevError) in
                _ = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
            }
            #expect(error?.errorNumber == 16)
            let poller = BackgroundReceiver(port.devices[0])
            while poller.received.load(ordering: .relaxed) < 1_000 { usleep(1_000) }
            let second = try CaptureSession(ports: [port], request: CaptureRequest(), clock: clock)
            #expect(second.stop { _ in })
            poller.stop()
            #expect(port.close() == 0)
        }
    }
}
