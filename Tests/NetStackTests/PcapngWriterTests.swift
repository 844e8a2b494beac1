import Foundation
import NetStack
import TestSupport
import Testing

/// Files are written with our writer and read with our reader, which is checked against other programs' files elsewhere.
@Suite struct PcapngWriterTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/capture.pcapng" }

    init() throws { folder = try TemporaryFolder() }

    @Test func whatIsWrittenIsRead() throws {
        var first = CaptureInterface(name: "tap:wissel0")
        first.description = "net_tap"
        first.macAddress = 0x02_00_00_00_00_22
        first.address = 0xC612_0002
        first.netmask = 0xFFFF_FF00
        first.bitsPerSecond = 10_000_000_000
        first.filter = "udp port 9000"
        first.snapLength = 96
        let second = CaptureInterface(name: "pci:0000:03:00.0")
        var counted = CaptureStatistics()
        counted.received = 5
        counted.interfaceDropped = 1
        counted.filterAccepted = 4
        counted.captureDropped = 2
        counted.delivered = 3
        do {
            let writer = try PcapngWriter(
                path: path, interfaces: [first, second], application: "test", comment: "a remark")
            // Every length modulo 4, so that every padding is written.
            for length in 14..<22 {
                let frame = (0..<length).map { UInt8($0) }
                try frame.withUnsafeBytes {
                    try writer.append(
                        $0, timestampNanoseconds: 1_800_000_000_123_456_789 + UInt64(length),
                        originalLength: length + 1000, interface: length % 2,
                        direction: length % 3 == 0 ? .outbound : .inbound)
                }
            }
            try writer.append(counted, interface: 1, startNanoseconds: 1, endNanoseconds: 1_800_000_001_000_000_000)
            #expect(writer.byteCount % 4 == 0)
            try writer.flush()
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64
            #expect(size == writer.byteCount)
        }
        let reader = try CaptureReader(path: path)
        for length in 14..<22 {
            let record = try #require(try reader.next())
            #expect(record.timestampNanoseconds == 1_800_000_000_123_456_789 + UInt64(length))
            #expect(Array(record.bytes) == (0..<length).map { UInt8($0) })
            #expect(record.originalLength == length + 1000 && record.interface == length % 2)
            #expect(record.direction == (length % 3 == 0 ? .outbound : .inbound))
        }
        #expect(try reader.next() == nil && reader.records == 8 && reader.cutRecords == 8)
        let interfaces = reader.capturedInterfaces
        #expect(interfaces.map(\.name) == ["tap:wissel0", "pci:0000:03:00.0"])
        #expect(interfaces[0].description == "net_tap" && interfaces[0].macAddress == first.macAddress)
        #expect(interfaces[0].filter == "udp port 9000" && interfaces[0].snapLength == 96)
        #expect(reader.statistics == [1: counted])
    }

    @Test func framesLongerThanTheBufferAreWhole() throws {
        let frame = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        do {
            let writer = try PcapngWriter(path: path, interfaces: [CaptureInterface(name: "x")], application: "test")
            for _ in 0..<3 {
                try frame.withUnsafeBytes {
                    try writer.append(
                        $0, timestampNanoseconds: 1, originalLength: $0.count, interface: 0, direction: .inbound)
                }
            }
            try writer.flush()
        }
        let reader = try CaptureReader(path: path)
        for _ in 0..<3 { #expect(try reader.next().map { Array($0.bytes) } == frame) }
        #expect(try reader.next() == nil)
    }

    @Test func aFileThatCannotBeMadeOrFilledIsSaid() throws {
        #expect(throws: CaptureFileError.self) {
            _ = try PcapngWriter(path: "/nowhere/f.pcapng", interfaces: [], application: "test")
        }
        // Every write to it finds no space.
        let writer = try PcapngWriter(path: "/dev/full", interfaces: [], application: "test")
        #expect(throws: CaptureFileError.system(path: "/dev/full", operation: "write the capture file", errno: ENOSPC))
        {
            try writer.flush()
        }
    }
}
