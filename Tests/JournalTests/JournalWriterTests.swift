import Glibc
import Journal
import Orders
import Runtime
import TestSupport
import Testing

@Suite struct JournalWriterTests {
    @Test("What goes in comes out, over partial blocks and many segments", arguments: JournalMode.allCases)
    func roundTrip(mode: JournalMode) throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: mode, blocks: 8))
        #expect(bench.mode == mode)
        #expect(bench.recovered == nil)
        var random = SplitMix64(seed: 1)
        var durable: UInt64 = 0
        for _ in 0..<300 {
            bench.push(Int(random.next() % 90))
            bench.poll()
            #expect(bench.state.durableSequence >= durable)
            #expect(bench.state.durableSequence < bench.nextSequence)
            durable = bench.state.durableSequence
        }
        #expect(bench.settle())
        let total = bench.nextSequence - 1
        #expect(bench.state.durableSequence == total)
        #expect(bench.state.status == .ok)
        #expect(bench.count(.records) == total)
        let blocks = bench.count(.blocks)
        #expect(bench.count(.bytes) == blocks * 4096)
        try bench.close()
        let (commands, summary) = try readAll(directory.path)
        #expect(commands == (1...total).map { command($0) })
        #expect(summary.records == total)
        #expect(summary.blocks == blocks + 1, "one closing block")
        #expect(summary.firstSequence == 1 && summary.lastSequence == total)
        #expect(summary.lastEpoch == 5)
        #expect(summary.closedCleanly && summary.truncatedTail == nil)
        #expect(summary.segments > 10 && summary.segments == directory.segments.count)
    }

    @Test("Batches grow with the load", arguments: JournalMode.allCases) func groupCommit(mode: JournalMode) throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: mode))
        bench.push(1)
        bench.settle()
        bench.push(5000)
        bench.settle()
        #expect(bench.count(.maximumBatch) == 64 * 63, "a write takes at most 64 blocks")
        #expect(bench.count(.writes) == 3)
        try bench.close()
        #expect(try readAll(directory.path).commands.count == 5001)
    }

    @Test("What is called durable can be read while the journal is being written", arguments: JournalMode.allCases)
    func durableIsReadable(mode: JournalMode) throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: mode, blocks: 16))
        for round in 1...60 {
            bench.push(round)
            bench.poll()
            let durable = bench.state.durableSequence
            let (commands, _) = try readAll(directory.path)
            #expect(commands.count >= durable)
        }
    }

    @Test("A reopened journal continues, after an orderly end and after none", arguments: JournalMode.allCases)
    func reopened(mode: JournalMode) throws {
        let directory = try TemporaryFolder()
        for run in 0..<6 {
            let bench = try Bench(settings(directory, mode: mode, blocks: 16))
            #expect(bench.lastSequence == UInt64(run * 1000))
            #expect(bench.state.durableSequence == UInt64(run * 1000))
            #expect(bench.epoch == UInt64(5 + run))
            #expect(bench.recovered?.records == (run == 0 ? nil : UInt64(run * 1000)))
            bench.push(1000)
            #expect(bench.settle())
            if run % 2 == 0 { try bench.close() }
        }
        let (commands, summary) = try readAll(directory.path)
        #expect(commands == (1...6000).map { command($0) })
        #expect(summary.lastEpoch == 10)
        #expect(!summary.closedCleanly)
    }

    @Test("A torn tail is cut off by the next writer, which continues there") func tornTail() throws {
        let directory = try TemporaryFolder()
        do {
            let bench = try Bench(settings(directory, mode: .synchronous))
            bench.push(630)
            bench.settle()
        }
        // Blocks 0…9 are one group commit; block 4 did not make it.
        Bytes.patch(directory.segments[0], offset: 4 * 4096 + 1024, [UInt8](repeating: 0, count: 3072))
        let bench = try Bench(settings(directory, mode: .ioUring))
        let recovered = try #require(bench.recovered)
        #expect(recovered.lastSequence == 4 * 63)
        #expect(recovered.truncatedTail?.blockNumber == 4)
        #expect(recovered.truncatedTail?.wholeBlocksBehind == 5)
        #expect(recovered.truncatedTail?.recordsBehind == 5 * 63)
        bench.push(100)
        bench.settle()
        try bench.close()
        let (commands, summary) = try readAll(directory.path)
        #expect(commands == (1...352).map { command($0) })
        #expect(summary.closedCleanly && summary.truncatedTail == nil)
    }

    @Test func aRunWithoutRecordsLeavesNoSegment() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .ioUring))
        try bench.close()
        #expect(directory.segments.isEmpty)
        #expect(try JournalReader.verify(directory: directory.path) == JournalSummary())
    }

    @Test("A gap in the sequence stops the journal; what came before is kept", arguments: JournalMode.allCases)
    func sequenceGap(mode: JournalMode) throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: mode))
        bench.push(10)
        _ = bench.ring.push(command(12))
        #expect(bench.settle())
        #expect(bench.state.status == .failed && !bench.state.isAccepting)
        #expect(bench.state.durableSequence == 10)
        #expect(bench.count(.sequenceGaps) == 1)
        try bench.close()
        #expect(try readAll(directory.path).commands.count == 10)
    }

    @Test func closeTakesWhatTheRingStillHolds() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .ioUring, blocks: 8))
        bench.push(4000)
        try bench.close()
        try bench.close()
        #expect(bench.state.durableSequence == 4000)
        #expect(try readAll(directory.path).commands.count == 4000)
    }

    @Test("The stage runs behind its handle on a polling thread's terms") func handle() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous))
        let handle = JournalWriter.handle(at: bench.writer)
        bench.push(3)
        #expect(handle.poll(handle.context, 1) > 0)
        #expect(handle.poll(handle.context, 2) > 0)
        #expect(bench.state.durableSequence == 3)
    }

    // MARK: Refusals

    private func error(_ configuration: JournalConfiguration) -> JournalError? {
        do { _ = try Bench(configuration) } catch { return error as? JournalError }
        return nil
    }

    @Test func refusesADirectoryAnotherWriterHolds() throws {
        let directory = try TemporaryFolder()
        let bench = try Bench(settings(directory, mode: .synchronous))
        let refusal = error(settings(directory, mode: .synchronous))
        #expect(refusal == .locked(path: directory.path, processID: getpid()))
        #expect(refusal?.description.contains("process \(getpid())") == true)
        try bench.close()
    }

    @Test func refusesWhatIsNoDirectory() throws {
        let directory = try TemporaryFolder()
        let missing = directory.path + "/nothing"
        #expect(error(settings(missing, mode: .synchronous)) == .directoryMissing(path: missing))
        #expect(error(settings("/etc/hostname", mode: .synchronous)) == .notADirectory(path: "/etc/hostname"))
        #expect(error(settings("/proc/self", mode: .synchronous)) != nil)
    }

    @Test func refusesNonsense() throws {
        let directory = try TemporaryFolder()
        var configuration = settings(directory, mode: .synchronous)
        configuration.segmentByteCount = 10_000
        #expect(error(configuration)?.description.contains("'segmentByteCount' is 10000") == true)
        configuration = settings(directory, mode: .synchronous)
        configuration.writesInFlight = 0
        #expect(error(configuration) != nil)
        configuration = settings(directory, mode: .synchronous)
        configuration.blocksPerWrite = 257
        #expect(error(configuration) != nil)
    }
}
