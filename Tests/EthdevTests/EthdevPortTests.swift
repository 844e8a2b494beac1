import Ethdev
import NetStack
import Testing

extension EnvironmentTests {
    @Suite struct EthdevPortTests {
        init() throws { try EnvironmentTests.startEAL() }

        @Test(arguments: [(576, 2048), (1_500, 2048), (2_022, 2048), (2_023, 3072), (9_000, 9216), (9_600, 10_240)])
        func `buffers hold whole frames of the MTU`(mtu: Int, bytes: Int) throws {
            #expect(PortConfiguration.mbufDataBytes(mtu: mtu) == bytes && mtu + 26 <= bytes)
        }

        @Test func `a jumbo frame passes in one buffer`() throws {
            var configuration = smallPort
            configuration.mtu = 9_000
            configuration.mbufDataBytes = PortConfiguration.mbufDataBytes(mtu: 9_000)
            let port = try EthdevPort(.ring("jumbo"), configuration: configuration)
            try port.start()
            let frame = testFrame(count: 9_014)
            #expect(port.devices[0].send(frame))
            #expect(port.devices[0].awaitFrame() == frame)
            #expect(port.close() == 0)
        }

        @Test func `a null port receives, sends and keeps every buffer`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: true), configuration: smallPort)
            try port.start()
            let before = port.availableBuffers
            #expect(before == port.bufferCount)
            let device = port.devices[0]
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 600)
            defer { packets.deallocate() }

            #expect(device.receive(into: packets, count: 32) == 32)
            for index in 0..<32 {
                #expect(packets[index].length == 64)
                #expect(packets[index].capacity == 2048)
                #expect(packets[index].flags == [])
            }
            #expect(port.availableBuffers == before - 32)
            #expect(device.transmit(packets, count: 32) == 32)
            #expect(port.availableBuffers == before)

            // More than one driver burst: sending goes on, receiving comes back short.
            #expect(device.allocate(into: packets, count: 600) == 600)
            #expect(packets[599].length == 0)
            #expect(packets[599].capacity == 2048)
            #expect(device.transmit(packets, count: 600) == 600)
            #expect(device.receive(into: packets, count: 600) == 256)
            device.free(packets, count: 256)
            #expect(port.availableBuffers == before)

            let statistics = try #require(port.statistics())
            #expect(statistics.receivedPackets == 288)
            #expect(statistics.transmittedPackets == 632)
            #expect(port.close() == 0)
        }

        @Test func `allocation gives all or none`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 2048)
            defer { packets.deallocate() }
            #expect(port.devices[0].allocate(into: packets, count: 1024) == 0)
            #expect(port.availableBuffers == 1023)
            #expect(port.devices[0].allocate(into: packets, count: 1023) == 1023)
            #expect(port.availableBuffers == 0)
            port.devices[0].free(packets, count: 1023)
            #expect(port.close() == 0)
        }

        @Test func `any thread may free`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            let device = port.devices[0]
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 200)
            defer { packets.deallocate() }
            #expect(device.allocate(into: packets, count: 200) == 200)
            try onThread {
                try EAL.registerThread()
                device.free(packets, count: 200)
                EAL.unregisterThread()
            }
            #expect(port.availableBuffers == port.bufferCount)
            #expect(port.close() == 0)
        }

        @Test func `close tells the buffers that are still held`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 3)
            defer { packets.deallocate() }
            #expect(port.devices[0].allocate(into: packets, count: 3) == 3)
            #expect(port.close() == 3)
            #expect(port.close() == 0)
        }

        @Test func `a ring port gives frames back byte for byte`() throws {
            let port = try EthdevPort(.ring("loop"), configuration: smallPort)
            try port.start()
            let device = port.devices[0]
            for count in [14, 60, 64, 1500, 2048] {
                #expect(device.send(testFrame(count: count)))
                #expect(device.awaitFrame() == testFrame(count: count))
            }
            #expect(port.availableBuffers == port.bufferCount)
            #expect(device.macAddress >> 40 == 0x02)
            #expect(port.driverName == "net_ring")
            #expect(port.link().isUp)
            #expect(port.close() == 0)
        }

        @Test func `a frame may start elsewhere in its buffer`() throws {
            let port = try EthdevPort(.ring("shift"), configuration: smallPort)
            try port.start()
            let device = port.devices[0]
            let frame = testFrame(count: 100)
            let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
            defer { packet.deallocate() }
            #expect(device.allocate(into: packet, count: 1) == 1)
            packet.pointee.bytes -= 20
            packet.pointee.bytes.copyMemory(from: frame, byteCount: 100)
            packet.pointee.length = 100
            #expect(device.transmit(packet, count: 1) == 1)
            #expect(device.receive(into: packet, count: 1) == 1)
            #expect(packet.pointee.capacity == 2068)
            #expect(Array(UnsafeRawBufferPointer(start: packet.pointee.bytes, count: 100)) == frame)
            // Received, cut at the front, sent again: the lengths follow.
            packet.pointee.bytes += 30
            packet.pointee.length -= 30
            #expect(device.transmit(packet, count: 1) == 1)
            #expect(device.awaitFrame() == Array(frame.dropFirst(30)))
            #expect(port.close() == 0)
        }

        @Test func `a full ring takes no more and the rest stays with the caller`() throws {
            var configuration = smallPort
            configuration.mbufCount = 2047
            let port = try EthdevPort(.ring("full"), configuration: configuration)
            try port.start()
            let device = port.devices[0]
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 1500)
            defer { packets.deallocate() }
            #expect(device.allocate(into: packets, count: 1500) == 1500)
            for index in 0..<1500 { packets[index].length = 64 }
            let accepted = device.transmit(packets, count: 1500)
            #expect(accepted == 1023)
            device.free(packets + accepted, count: 1500 - accepted)
            var received = 0
            while case let count = device.receive(into: packets, count: 256), count > 0 {
                device.free(packets, count: count)
                received += count
            }
            #expect(received == accepted)
            #expect(port.close() == 0)
        }

        @Test func `each queue pair is a device of its own`() throws {
            var configuration = smallPort
            configuration.queuePairs = 2
            configuration.mbufCount = 2047
            let port = try EthdevPort(.ring("two"), configuration: configuration)
            try port.start()
            #expect(port.devices.count == 2)
            #expect(port.devices[1].send(testFrame(count: 80)))
            #expect(port.devices[0].send(testFrame(count: 70)))
            #expect(port.devices[0].awaitFrame()?.count == 70)
            #expect(port.devices[1].awaitFrame()?.count == 80)
            #expect(port.close() == 0)
        }

        @Test func `a port works with the buffers of another`() throws {
            let lender = try EthdevPort(.null(packetBytes: 64, copy: true), configuration: smallPort)
            let borrower = try EthdevPort(
                .null(packetBytes: 64, copy: true), configuration: smallPort, buffersOf: lender)
            for port in [lender, borrower] { try port.start() }
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
            defer { packets.deallocate() }
            let before = lender.availableBuffers
            for (from, to) in [(lender, borrower), (borrower, lender), (borrower, borrower)] {
                #expect(from.devices[0].receive(into: packets, count: 32) == 32)
                #expect(lender.availableBuffers == before - 32 && borrower.availableBuffers == before - 32)
                #expect(to.devices[0].transmit(packets, count: 32) == 32)
                #expect(lender.availableBuffers == before)
            }
            #expect(borrower.close() == 0)
            // The buffers outlive who borrowed them.
            #expect(lender.devices[0].receive(into: packets, count: 32) == 32)
            lender.devices[0].free(packets, count: 32)
            #expect(lender.close() == 0)
        }

        /// What the free function may not do the short way goes the long way: buffers of another port, and a chain.
        @Test func `buffers of any kind go back where they came from`() throws {
            let ports = [
                try EthdevPort(.null(packetBytes: 64, copy: true), configuration: smallPort),
                try EthdevPort(.null(packetBytes: 64, copy: true), configuration: smallPort),
            ]
            let before = ports.map(\.availableBuffers)
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 4)
            defer { packets.deallocate() }
            for (index, port) in ports.enumerated() {
                #expect(port.devices[0].allocate(into: packets + 2 * index, count: 2) == 2)
            }
            ports[0].devices[0].free(packets, count: 4)
            #expect(ports.map(\.availableBuffers) == before)

            // A second segment behind the first, as a driver chains a frame that is longer than a buffer.
            #expect(ports[0].devices[0].allocate(into: packets, count: 2) == 2)
            packets[0].header.storeBytes(of: packets[1].header, toByteOffset: 64, as: UnsafeMutableRawPointer.self)
            packets[0].header.storeBytes(of: 2, toByteOffset: Packet.Layout.segmentCount, as: UInt16.self)
            #expect(packets[0].isSegmented)
            ports[0].devices[0].free(packets, count: 1)
            #expect(ports.map(\.availableBuffers) == before)
            #expect(ports[0].devices[0].allocate(into: packets, count: 4) == 4)
            #expect((0..<4).allSatisfy { !packets[$0].isSegmented && packets[$0].length == 0 })
            ports[0].devices[0].free(packets, count: 4)
            for port in ports { #expect(port.close() == 0) }
        }

        @Test func `ports come and go`() throws {
            for _ in 0..<5 {
                let first = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
                let second = try EthdevPort(.ring("again"), configuration: smallPort)
                try first.start()
                try second.start()
                try second.stop()
                #expect(second.close() == 0)
                #expect(first.close() == 0)
            }
        }
    }
}
