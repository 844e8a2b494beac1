import CPlatform
import Foundation
import Runtime
import Synchronization
import Testing

/// A stage that does one item per poll until `left` is used up, and notes what it saw.
private struct CountDown: Stage {
    var left: Int
    var polls = 0
    var latestNow: UInt64 = 0
    var cpu: Int32 = -1

    mutating func poll(now: UInt64) -> Int {
        polls += 1
        latestNow = now
        cpu = cplatform_current_cpu()
        guard left > 0 else { return 0 }
        left -= 1
        return 1
    }
}

private func handle(_ stage: UnsafeMutablePointer<CountDown>) -> StageHandle {
    StageHandle(name: "countDown", context: stage) { context, now in
        context.assumingMemoryBound(to: CountDown.self).pointee.poll(now: now)
    }
}

@Suite struct PollingCoreTests {
    private let clock: Clock

    init() throws { clock = try Clock.calibrated(durationNanoseconds: 1_000_000) }

    /// Runs a core on stages with so many items until the stages are used up or 10 s have passed.
    private func run(
        items: [Int], cpu: Int? = nil, idle: IdleStrategy = .shared, stopAtOnce: Bool = false,
        drainBound: DrainBound = DrainBound()
    ) throws -> (stages: [CountDown], counts: [PollingCoreCounter: UInt64]) {
        let stages = UnsafeMutablePointer<CountDown>.allocate(capacity: items.count)
        for (index, count) in items.enumerated() { (stages + index).initialize(to: CountDown(left: count)) }
        defer { stages.deallocate() }
        let core = PollingCore(
            name: "test", cpu: cpu, stages: items.indices.map { handle(stages + $0) }, idle: idle, clock: clock,
            drainBound: drainBound)
        if stopAtOnce { core.requestStop() }
        try core.start()
        let deadline = clock.now() + 10_000_000_000
        let total = UInt64(items.reduce(0, +))
        while !stopAtOnce, core.counters.value(.workItems) < total, clock.now() < deadline { usleep(100) }
        core.stop()
        let counts = PollingCoreCounter.allCases.map { ($0, core.counters.value($0)) }
        return (items.indices.map { stages[$0] }, Dictionary(uniqueKeysWithValues: counts))
    }

    @Test(arguments: [IdleStrategy.busy, .yield, .shared])
    func pollsEveryStageEveryRound(idle: IdleStrategy) throws {
        let before = clock.now()
        let (stages, counts) = try run(items: [3, 10, 0], idle: idle)
        #expect(stages.map(\.left) == [0, 0, 0])
        #expect(stages.allSatisfy { UInt64($0.polls) == counts[.rounds] })
        #expect(counts[.busyRounds] == 10)
        #expect(counts[.workItems] == 13)
        #expect(counts[.drainCutShort] == 0)
        #expect(Set(stages.map(\.latestNow)) == [counts[.lastPollNanoseconds]!], "one reading of the clock per round")
        #expect((before...clock.now()).contains(counts[.lastPollNanoseconds]!))
    }

    @Test func drainsWhatIsLeftWhenStopped() throws {
        let (stages, counts) = try run(items: [1_000, 7], stopAtOnce: true)
        #expect(stages.map(\.left) == [0, 0])
        #expect(counts[.rounds] == 1_001, "the empty round ends the drain")
        #expect(counts[.drainCutShort] == 0)
    }

    @Test(arguments: [(rounds: 5, nanoseconds: UInt64.max), (rounds: .max, nanoseconds: 3_000_000)])
    func drainIsBounded(rounds: Int, nanoseconds: UInt64) throws {
        let bound = DrainBound(rounds: rounds, nanoseconds: nanoseconds)
        let (stages, counts) = try run(items: [.max], stopAtOnce: true, drainBound: bound)
        #expect(counts[.drainCutShort] == 1)
        #expect(stages[0].polls > 0)
        if rounds != .max { #expect(stages[0].polls == rounds) }
    }

    /// A stage that is away for 5 ms in each of its first rounds makes long rounds; sleeping because there is nothing to do
    /// makes none.
    @Test func aRoundThatTakesLongIsCounted() throws {
        let stage = UnsafeMutablePointer<CountDown>.allocate(capacity: 1)
        defer { stage.deallocate() }
        for (left, idle) in [
            (3, IdleStrategy.busy), (0, .backoff(spins: 0, yields: 0, maximumSleepNanoseconds: 5_000_000)),
        ] {
            stage.initialize(to: CountDown(left: left))
            let slow = StageHandle(name: "slow", context: stage) { context, now in
                let work = context.assumingMemoryBound(to: CountDown.self).pointee.poll(now: now)
                if work > 0 { usleep(5_000) }
                return work
            }
            let core = PollingCore(name: "test", cpu: nil, stages: [slow], idle: idle, clock: clock)
            try core.start()
            usleep(60_000)
            core.stop()
            if left > 0 {
                #expect(core.counters.value(.longRounds) >= 3)
                #expect(core.counters.value(.longestRoundNanoseconds) >= 5_000_000)
            } else {
                #expect(core.counters.value(.longRounds) == 0 && core.counters.value(.longestRoundNanoseconds) == 0)
            }
        }
    }

    @Test func runsOnTheChosenCPU() throws {
        for cpu in AvailableCPUs.current().numbers.prefix(2) {
            #expect(try run(items: [5], cpu: cpu).stages[0].cpu == Int32(cpu))
        }
    }

    @Test func hooksRunOnTheNamedThread() throws {
        let seen = Mutex<[String]>([])
        let note: @Sendable (String) -> Void = { event in
            let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
            let text = name.trimmingCharacters(in: .newlines)
            seen.withLock { $0.append("\(event) on \(text)") }
        }
        let core = PollingCore(
            name: "marketData", cpu: nil, stages: [], idle: .shared, clock: clock, onStart: { note("start") },
            onStop: { note("stop") })
        try core.start()
        #expect(seen.withLock { $0 } == ["start on wissel-marketDa"])
        core.stop()
        core.stop()
        #expect(seen.withLock { $0 } == ["start on wissel-marketDa", "stop on wissel-marketDa"])
    }

    @Test func failedStartHookFailsTheStart() {
        struct NoPort: Error, CustomStringConvertible { var description: String { "no port" } }
        let core = PollingCore(
            name: "net", cpu: nil, stages: [], idle: .busy, clock: clock, onStart: { throw NoPort() },
            onStop: { Issue.record("onStop ran although onStart failed") })
        #expect(throws: RuntimeError.startHookFailed(core: "net", reason: "no port")) { try core.start() }
        #expect(core.counters.value(.rounds) == 0)
    }

    @Test(arguments: [-1, 100_000, Int.max])
    func missingCPUIsNamed(cpu: Int) {
        let core = PollingCore(name: "engine", cpu: cpu, stages: [], idle: .busy, clock: clock)
        let existing = AvailableCPUs.existing().numbers
        let expected = RuntimeError.cpuDoesNotExist(core: "engine", cpu: cpu, existing: existing)
        #expect(throws: expected) { try core.start() }
        #expect(expected.description.contains("'engine'") && expected.description.contains("CPU \(cpu)"))
    }

    @Test func startingTwiceIsOurMistake() async {
        await #expect(processExitsWith: .failure) {
            let clock = try Clock.calibrated(durationNanoseconds: 1_000_000)
            let core = PollingCore(name: "twice", cpu: nil, stages: [], idle: .shared, clock: clock)
            try core.start()
            try core.start()
        }
    }
}
