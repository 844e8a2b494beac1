import Glibc
import Journal
import Orders
import TestSupport
import Testing

@Suite(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"), .serialized)
struct FullDiskTests {
    @Test(
        "A full disk stops the journal, not the process; with space it goes on and nothing is missing",
        arguments: JournalMode.allCases, [true, false])
    func fullAndFree(mode: JournalMode, reserves: Bool) throws {
        let disk = try #require(SmallDisk())
        var configuration = settings(disk.path, mode: mode, blocks: 32)
        configuration.reservesSpace = reserves
        let bench = try Bench(configuration)
        #expect(bench.mode == mode)
        bench.push(63 * 4)
        #expect(bench.settle())
        #expect(bench.state.status == .ok)

        disk.fill()
        // More than what has been reserved: two segments hold 64 blocks.
        bench.push(63 * 100)
        #expect(!bench.settle(limit: 300))
        #expect(bench.state.status == .full && !bench.state.isAccepting)
        let durable = bench.state.durableSequence
        #expect(durable >= 63 * 4 && durable < 63 * 104)
        #expect(bench.count(.noSpaceErrors) > 0 && bench.count(.retries) > 0)
        #expect(bench.count(.retries) < 200, "one try in 10 ms")
        #expect(try readAll(disk.path).commands.count >= durable, "what was durable is there")

        disk.free()
        #expect(bench.settle())
        #expect(bench.state.status == .ok && bench.state.isAccepting)
        #expect(bench.state.durableSequence == 63 * 104)
        try bench.close()
        let (commands, summary) = try readAll(disk.path)
        #expect(commands == (1...63 * 104).map { command($0) })
        #expect(summary.closedCleanly)
    }

    @Test(
        "With space reserved, the status changes while what was accepted still has room",
        arguments: JournalMode.allCases)
    func earlyWarning(mode: JournalMode) throws {
        let disk = try #require(SmallDisk())
        let bench = try Bench(settings(disk.path, mode: mode, blocks: 32))
        disk.fill()
        bench.push(63 * 20)
        #expect(bench.settle())
        for _ in 0..<10_000 where bench.state.status != .full {
            if bench.poll() == 0 { usleep(100) }
        }
        #expect(bench.state.status == .full)
        #expect(bench.state.durableSequence == 63 * 20)
        disk.free()
        for _ in 0..<10_000 where bench.state.status != .ok {
            if bench.poll() == 0 { usleep(100) }
        }
        #expect(bench.state.status == .ok)
    }

    @Test(
        "A journal that cannot end says what is missing; the next one continues after what was durable",
        arguments: JournalMode.allCases)
    func closedWhileFull(mode: JournalMode) throws {
        let disk = try #require(SmallDisk())
        var durable: UInt64 = 0
        do {
            let bench = try Bench(settings(disk.path, mode: mode, blocks: 32))
            disk.fill()
            bench.push(63 * 100)
            bench.settle(limit: 100)
            durable = bench.state.durableSequence
            #expect(throws: JournalError.notDurable(path: disk.path, durableSequence: durable, lastSequence: 6300)) {
                try bench.close()
            }
        }
        disk.free()
        let bench = try Bench(settings(disk.path, mode: mode, blocks: 32))
        #expect(bench.lastSequence == durable)
        try bench.close()
    }

    @Test func noSpaceAtTheStartIsSaid() throws {
        let disk = try #require(SmallDisk())
        var configuration = settings(disk.path, mode: .synchronous)
        configuration.segmentByteCount = 64 << 20
        #expect {
            _ = try Bench(configuration)
        } throws: {
            $0 as? JournalError == .diskFull(path: disk.path + "/wissel-00000000.journal", byteCount: 64 << 20)
        }
    }
}
