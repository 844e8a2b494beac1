import Foundation
import MarketData
import NetStack
import Wire

/// The datagrams of a market-data flood, ready in memory: a real capture's, or generated ones in the same format.
struct FeedTape: Sendable {
    private var storage: [UInt8] = []
    /// Where each datagram starts in `storage`; one more entry ends the last.
    private var starts: [Int] = [0]
    /// What the tape is, for the report.
    private(set) var title: String

    var count: Int { starts.count - 1 }

    /// The UDP payloads of a capture file, in its order.
    init(capture path: String, progress: (Int) -> Void) throws {
        title = URL(fileURLWithPath: path).lastPathComponent
        let reader = try CaptureReader(path: path)
        while let record = try reader.next() {
            guard let base = record.bytes.baseAddress,
                let payload = UDPPayload.range(inFrame: base, length: record.bytes.count)
            else { continue }
            append(UnsafeRawBufferPointer(rebasing: record.bytes[payload]))
            if count.isMultiple(of: 10_000) { progress(count) }
        }
        guard count > 0 else { throw Failure(path: path) }
    }

    /// Generated IEX-TP/DEEP datagrams.
    init(generated datagrams: Int, seed: UInt64) {
        title = "generated IEX-TP/DEEP, seed \(seed)"
        var generator = DEEPGenerator(seed: seed)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_472, alignment: 8)
        defer { buffer.deallocate() }
        for _ in 0..<datagrams {
            guard let base = buffer.baseAddress else { break }
            let length = generator.next(into: base, capacity: buffer.count)
            append(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        }
    }

    func withDatagram<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes {
            try body(UnsafeRawBufferPointer(rebasing: $0[starts[index]..<starts[index + 1]]))
        }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        storage.append(contentsOf: bytes)
        starts.append(storage.count)
    }

    /// A capture without anything to play.
    struct Failure: Error, CustomStringConvertible {
        var path: String
        var description: String {
            "\(path) holds no UDP datagram over IPv4 and Ethernet: give a capture of a feed, such as an IEX DEEP pcap"
        }
    }
}
