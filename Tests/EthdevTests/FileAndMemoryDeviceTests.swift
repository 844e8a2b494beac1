import Ethdev
import Foundation
import NetStack
import TestSupport
import Testing

extension EnvironmentTests {
    /// Devices of files and of memory shared with another process.
    @Suite struct FileAndMemoryDeviceTests {
        private let folder: TemporaryFolder

        init() throws {
            try EnvironmentTests.startEAL()
            folder = try TemporaryFolder()
        }

        /// The classic pcap format: a 24-byte header (magic a1b2c3d4, link type 1 Ethernet), 16 bytes per record.
        func capture(_ frames: [[UInt8]]) -> Data {
            func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
            var bytes = little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(65535) + little(1)
            for frame in frames {
                bytes += little(1) + little(2) + little(UInt32(frame.count)) + little(UInt32(frame.count)) + frame
            }
            return Data(bytes)
        }

        @Test func `a capture file is received and another written`() throws {
            let input = folder.path + "/in.pcap"
            let output = folder.path + "/out.pcap"
            let frames = [60, 64, 777, 1514].map { testFrame(count: $0) }
            try capture(frames).write(to: URL(fileURLWithPath: input))
            let port = try EthdevPort(.pcap(receiveFile: input, transmitFile: output), configuration: smallPort)
            try port.start()
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
            defer { packets.deallocate() }
            #expect(port.devices[0].receive(into: packets, count: 32) == 4)
            for index in 0..<4 {
                let bytes = UnsafeRawBufferPointer(start: packets[index].bytes, count: Int(packets[index].length))
                #expect(Array(bytes) == frames[index])
            }
            #expect(port.devices[0].transmit(packets, count: 4) == 4)
            #expect(port.devices[0].receive(into: packets, count: 32) == 0)
            #expect(port.close() == 0)
            let written = try Data(contentsOf: URL(fileURLWithPath: output))
            #expect(written.count == 24 + frames.reduce(0) { $0 + 16 + $1.count })
            #expect(Array(written.suffix(1514)) == frames[3])
        }

        @Test func `a frame larger than a buffer arrives marked as segmented`() throws {
            let input = folder.path + "/jumbo.pcap"
            try capture([testFrame(count: 5000)]).write(to: URL(fileURLWithPath: input))
            let port = try EthdevPort(.pcap(receiveFile: input, transmitFile: nil), configuration: smallPort)
            try port.start()
            let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
            defer { packet.deallocate() }
            #expect(port.devices[0].receive(into: packet, count: 1) == 1)
            #expect(packet.pointee.isSegmented)
            #expect(packet.pointee.length <= packet.pointee.capacity)
            port.devices[0].free(packet, count: 1)
            #expect(port.close() == 0)
        }

        @Test func `two memif ports exchange frames`() throws {
            let socket = folder.path + "/memif.sock"
            let server = try EthdevPort(.memif(.server, socketPath: socket, id: 7), configuration: smallPort)
            let client = try EthdevPort(.memif(.client, socketPath: socket, id: 7), configuration: smallPort)
            try server.start()
            try client.start()
            for _ in 0..<3000 where !(server.link().isUp && client.link().isUp) { usleep(1000) }
            #expect(server.link().isUp && client.link().isUp)
            #expect(client.devices[0].send(testFrame(count: 1000)))
            #expect(server.devices[0].awaitFrame() == testFrame(count: 1000))
            // The server sends into buffers that the client offers by polling once.
            let packet = UnsafeMutablePointer<Packet>.allocate(capacity: 1)
            defer { packet.deallocate() }
            #expect(client.devices[0].receive(into: packet, count: 1) == 0)
            #expect(server.devices[0].send(testFrame(count: 64)))
            #expect(client.devices[0].awaitFrame() == testFrame(count: 64))
            #expect(client.close() == 0)
            #expect(server.close() == 0)
        }
    }
}
