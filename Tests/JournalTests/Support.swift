import Foundation
import Journal
import Orders
import Runtime
import TestSupport

extension TemporaryFolder {
    /// Paths of the segments in it, in order.
    var segments: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".journal") }.sorted().map { path + "/" + $0 }
    }
}

/// A file as bytes.
enum Bytes {
    static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }

    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o640)
        defer { close(descriptor) }
        precondition(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    }

    /// Overwrites part of a file.
    static func patch(_ path: String, offset: Int, _ bytes: [UInt8]) {
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        precondition(pwrite(descriptor, bytes, bytes.count, offset) == bytes.count)
    }
}

/// The command of a sequence: every field depends on seed and sequence, so that nothing can be mixed up unseen.
func command(_ sequence: UInt64, seed: UInt64 = 7) -> Command {
    var random = SplitMix64(seed: seed ^ sequence &* 0x9E37_79B9)
    let kinds: [CommandKind] = [.newOrder, .cancel, .replace, .sessionEstablished, .checkpoint]
    return Command(
        kind: kinds[Int(random.next() % 5)], sequence: sequence, timestampNanoseconds: random.next(),
        clientSequence: random.next(), clientOrderID: random.next(), originalClientOrderID: random.next(),
        price: Int64(bitPattern: random.next()), quantity: UInt32(truncatingIfNeeded: random.next()),
        session: UInt32(truncatingIfNeeded: random.next()), instrument: UInt32(truncatingIfNeeded: random.next()),
        side: random.next() % 2 == 0 ? .buy : .sell, timeInForce: .day, flags: UInt8(truncatingIfNeeded: random.next()))
}

/// A writer with its ring and a clock of its own, on one thread.
final class Bench {
    let ring = SPSCRing<Command>(capacity: 16_384)
    let writer: UnsafeMutablePointer<JournalWriter>
    var now: UInt64 = 1_000_000_000
    private(set) var nextSequence: UInt64

    init(_ configuration: JournalConfiguration) throws {
        writer = .allocate(capacity: 1)
        do { try writer.initialize(to: JournalWriter(configuration: configuration, input: ring)) } catch {
            writer.deallocate()
            ring.deallocate()
            throw error
        }
        nextSequence = writer.pointee.lastSequence + 1
    }

    /// Without `close()` before, this is a crash: the preallocated tail stays.
    deinit {
        writer.deinitialize(count: 1)
        writer.deallocate()
        ring.deallocate()
    }

    // Copies: the macros of the tests cannot look into a type that is not copyable.
    var mode: JournalMode { writer.pointee.mode }
    var recovered: JournalSummary? { writer.pointee.recovered }
    var epoch: UInt64 { writer.pointee.epoch }
    var lastSequence: UInt64 { writer.pointee.lastSequence }
    var state: JournalSharedState { writer.pointee.sharedState }
    func count(_ key: JournalCounter) -> UInt64 { writer.pointee.counters.value(key) }

    func push(_ count: Int) {
        for _ in 0..<count {
            let pushed = ring.push(command(nextSequence))
            precondition(pushed, "the test's ring is too small")
            nextSequence += 1
        }
    }

    /// One poll, a millisecond later.
    @discardableResult func poll() -> Int {
        now += 1_000_000
        return writer.pointee.poll(now: now)
    }

    /// Polls until everything is durable, or `limit` polls took nothing further.
    @discardableResult func settle(limit: Int = 20_000) -> Bool {
        var idle = 0
        // A write that is tried again and fails again is work, and no progress.
        var progress = (state.durableSequence, ring.count)
        while !writer.pointee.isIdle {
            poll()
            let current = (state.durableSequence, ring.count)
            idle = current == progress ? idle + 1 : 0
            progress = current
            if idle > limit { return false }
            if idle > 0 { usleep(20) }
        }
        return true
    }

    func close() throws { try writer.pointee.close(now: now) }
}

/// Small segments, so that tests rotate.
func settings(_ directory: TemporaryFolder, mode: JournalMode, blocks: Int = 256) -> JournalConfiguration {
    settings(directory.path, mode: mode, blocks: blocks)
}

func settings(_ path: String, mode: JournalMode, blocks: Int = 256) -> JournalConfiguration {
    var configuration = JournalConfiguration(directory: path, epoch: 5)
    configuration.segmentByteCount = blocks * JournalBlock.byteCount
    configuration.mode = mode
    return configuration
}

/// All records of a journal, in pieces of an odd size, and the summary.
func readAll(_ directory: String) throws -> (commands: [Command], summary: JournalSummary) {
    var reader = try JournalReader(directory: directory)
    var commands: [Command] = []
    let buffer = UnsafeMutablePointer<Command>.allocate(capacity: 100)
    defer { buffer.deallocate() }
    while true {
        let count = try reader.next(into: buffer, maximumCount: 100)
        if count == 0 { break }
        commands.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
    }
    return (commands, reader.summary)
}
