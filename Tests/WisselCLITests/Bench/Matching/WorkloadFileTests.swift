import Foundation
import TestSupport
import Testing
import WisselCLI

/// Workloads are read as they are written, and a bad one says what is wrong with it.
@Suite struct WorkloadFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/orders_swing-25_s23_n1.bin" }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ bytes: Data) throws { try bytes.write(to: URL(fileURLWithPath: path)) }

    private func fault() throws -> WorkloadFileError.Fault? {
        do {
            _ = try WorkloadFile.read(path)
            return nil
        } catch {
            #expect(error.description.hasPrefix(path) && error.description.contains("; "), "\(error)")
            return error.fault
        }
    }

    @Test func everyFieldIsWhereTheEngineLooksForIt() throws {
        try write(
            WorkloadBytes.file([
                .init(kind: 0, side: 1, ioc: 1, quantity: 77, order: 0x1122_3344_5566_7788, price: -5),
                .init(kind: 1, side: 1, quantity: 9, order: 12, price: 100),
                .init(kind: 2, side: 1, quantity: 78, order: 12, price: 33_504),
            ]))
        let messages = try WorkloadFile.read(path)
        #expect(messages.count == 3 && WorkloadFile.scenario(of: path) == "swing-25")
        #expect(WorkloadFile.scenario(of: "/a/normal.bin") == "normal")

        let (new, order) = messages[0]
        #expect(new == 0 && order.load(as: UInt64.self) == 0x1122_3344_5566_7788)
        #expect(order.load(fromByteOffset: 8, as: UInt64.self) == 0)
        #expect(order.load(fromByteOffset: 16, as: Int64.self) == -5)
        #expect(order.load(fromByteOffset: 24, as: UInt32.self) == 77)
        #expect(order.load(fromByteOffset: 28, as: UInt8.self) == 1)
        #expect(order.load(fromByteOffset: 29, as: UInt8.self) == 1)
        let (cancel, cancellation) = messages[1]
        #expect(cancel == 1 && cancellation.load(as: UInt64.self) == 12)
        #expect(cancellation.load(fromByteOffset: 8, as: UInt64.self) == 1)
        #expect((16..<32).allSatisfy { cancellation.load(fromByteOffset: $0, as: UInt8.self) == 0 })
        let (modify, change) = messages[2]
        #expect(modify == 2 && change.load(fromByteOffset: 16, as: Int64.self) == 33_504)
        #expect(change.load(fromByteOffset: 24, as: UInt32.self) == 78)
        #expect(change.load(fromByteOffset: 28, as: UInt8.self) == 1)
    }

    @Test func whatIsNoWorkloadIsRefused() throws {
        #expect(throws: WorkloadFileError.self) { try WorkloadFile.read(folder.path + "/absent") }
        try write(Data())
        #expect(try fault() == .empty)
        try write(Data(repeating: 7, count: 15))
        #expect(try fault() == .noHeader(bytes: 15))
        let good = WorkloadBytes.file([.init(kind: 0, quantity: 1, order: 1, price: 1)])
        try write(good.replacingFirst(with: 0))
        #expect(try fault() == .mark(WorkloadFile.mark & ~0xFF))
        try write(good.replacing(at: 8, with: 9))
        #expect(try fault() == .version(9))
    }

    @Test func whatIsCutShortOrTooLongIsRefused() throws {
        let good = WorkloadBytes.file([.init(kind: 0, quantity: 1, order: 1, price: 1), .init(kind: 1, order: 1)])
        for length in [16, 55, 56, 95] {
            try write(good.prefix(length))
            #expect(try fault() == .length(records: 2, expected: 96, bytes: length))
        }
        try write(good + [0])
        #expect(try fault() == .length(records: 2, expected: 96, bytes: 97))
        try write(good.replacing(at: 12, with: 0))
        #expect(try fault() == .records(0))
        try write(good.replacing(at: 15, with: 0xFF))
        #expect(try fault() == .records(0xFF00_0002))
    }

    @Test(arguments: [(16, 3), (17, 2), (18, 2)]) func whatMeansNothingIsRefused(offset: Int, value: Int) throws {
        let good = WorkloadBytes.file([.init(kind: 0, quantity: 1, order: 1, price: 1)])
        try write(good.replacing(at: offset, with: UInt8(value)))
        #expect(try fault() == .record(0))
    }
}

extension Data {
    fileprivate func replacing(at offset: Int, with byte: UInt8) -> Data {
        var copy = self
        copy[copy.startIndex + offset] = byte
        return copy
    }

    fileprivate func replacingFirst(with byte: UInt8) -> Data { replacing(at: 0, with: byte) }
}
