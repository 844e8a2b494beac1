import Foundation
import Runtime
import Synchronization
import Testing

/// The clock is led along made-up system clocks: what it reads is compared with what they say.
@Suite struct ClockDisciplineTests {
    /// A counter of 2.5 GHz whose clock was calibrated at 1 s of its life.
    private static let hertz = 2_500_000_000.0
    private static let origin: UInt64 = 1_800_000_000_000_000_000
    private static let firstTicks: UInt64 = 2_500_000_000

    private func discipline() -> ClockDiscipline {
        ClockDiscipline(
            Clock(
                ticksPerSecond: UInt64(Self.hertz), originTicks: Self.firstTicks, originNanoseconds: Self.origin,
                errorBoundNanoseconds: 20, driftBoundPartsPerBillion: 1_000))
    }

    private func ticks(_ seconds: Double) -> UInt64 { Self.firstTicks + UInt64(seconds * Self.hertz) }

    /// Leads the clock through `seconds` adjustments, one a second; the distance from `system` after each, nanoseconds.
    private func lead(
        _ discipline: ClockDiscipline, seconds: Range<Int>, system: (Double) -> UInt64
    ) -> [Int64] {
        seconds.map { second in
            let sample = ClockSample(
                ticks: ticks(Double(second)), nanoseconds: system(Double(second)), halfWidthTicks: 50)
            discipline.adjust(to: sample) { sample.ticks + 1_000 }
            // Just before the next one.
            let end = Double(second) + 0.999
            return Int64(bitPattern: discipline.clock.nanoseconds(atTicks: ticks(end)) &- system(end))
        }
    }

    @Test(arguments: [-200e-6, -3e-6, 0, 40e-6, 450e-6])
    func followsACounterThatRunsAtAnotherRate(drift: Double) {
        let discipline = discipline()
        let distances = lead(discipline, seconds: 1..<60) { Self.origin + UInt64($0 * (1 + drift) * 1e9) }
        #expect(distances.suffix(20).allSatisfy { $0.magnitude < 100 }, "\(distances)")
        let status = discipline.status
        #expect(status.adjustments == 59 && status.lateAdjustments == 0)
        #expect(abs(Double(status.driftPartsPerBillion) - drift * 1e9) < 200, "\(status.driftPartsPerBillion)")
        #expect(status.errorBoundNanoseconds < 200)
    }

    /// A step of the system clock is caught up with by slope: at most 500 ppm, never backwards.
    @Test(arguments: [Int64(20_000_000), -20_000_000])
    func catchesUpWithAStepWithoutOne(step: Int64) {
        let discipline = discipline()
        let distances = lead(discipline, seconds: 1..<80) { seconds in
            let time = Self.origin + UInt64(seconds * 1e9)
            return seconds >= 10 ? time &+ UInt64(bitPattern: step) : time
        }
        #expect(distances[9].magnitude >= 19_000_000)
        #expect(distances.last!.magnitude < 200, "\(distances)")
        // 20 ms at 500 µs a second take 40 s.
        let speeds = zip(distances.dropFirst(10), distances.dropFirst(11)).map { ($1 - $0).magnitude }
        #expect(speeds.allSatisfy { $0 <= 500_100 }, "\(speeds)")
    }

    /// Readings in the order of their ticks never step back, across every adjustment and wherever the lines meet.
    @Test func timeNeverStepsBackAcrossAdjustments() {
        let discipline = discipline()
        var last: UInt64 = 0
        var stepsBack = 0
        for second in 1..<50 {
            // A system clock that jumps about.
            let wrong = second % 7 == 0 ? 5_000_000 : (second % 5 == 0 ? -4_000_000 : 0)
            let nanoseconds = Self.origin &+ UInt64(second) * 1_000_000_000 &+ UInt64(bitPattern: Int64(wrong))
            let sample = ClockSample(ticks: ticks(Double(second)), nanoseconds: nanoseconds, halfWidthTicks: 50)
            discipline.adjust(to: sample) { sample.ticks + 1_000 }
            for step in 0..<2_000 {
                let now = discipline.clock.nanoseconds(atTicks: sample.ticks + 1_000 + UInt64(step) * 1_249_999)
                if now < last { stepsBack += 1 }
                last = now
            }
            // One tick after the other where the new line begins.
            let meeting = sample.ticks + UInt64(0.1 * Self.hertz)
            for tick in meeting - 50..<meeting + 50 {
                let (before, after) = (
                    discipline.clock.nanoseconds(atTicks: tick - 1), discipline.clock.nanoseconds(atTicks: tick)
                )
                if after < before { stepsBack += 1 }
            }
        }
        #expect(stepsBack == 0)
    }

    /// A reading that waited two seconds for its conversion gets the time it had.
    @Test func olderReadingsKeepTheirTime() {
        let discipline = discipline()
        let system: (Double) -> UInt64 = { Self.origin + UInt64($0 * (1 + 100e-6) * 1e9) }
        _ = lead(discipline, seconds: 1..<10, system: system)
        let old = ticks(10.5)
        let before = discipline.clock.nanoseconds(atTicks: old)
        _ = lead(discipline, seconds: 11..<13, system: system)
        #expect(discipline.clock.nanoseconds(atTicks: old) == before)
    }

    /// Twice before the first has taken effect is once.
    @Test func adjustmentsDoNotPileUp() {
        let discipline = discipline()
        for milliseconds in 0..<200 {
            let seconds = 1 + Double(milliseconds) / 1e3
            let sample = ClockSample(
                ticks: ticks(seconds), nanoseconds: Self.origin + UInt64(seconds * 1e9), halfWidthTicks: 50)
            discipline.adjust(to: sample) { sample.ticks + 1_000 }
        }
        #expect(discipline.status.adjustments == 2)
    }

    @Test func aLateAdjustmentIsCounted() {
        let discipline = discipline()
        let sample = ClockSample(ticks: ticks(1), nanoseconds: Self.origin + 1_000_000_000, halfWidthTicks: 50)
        discipline.adjust(to: sample) { sample.ticks + UInt64(0.2 * Self.hertz) }
        #expect(discipline.status.lateAdjustments == 1)
    }

    /// The real counter, adjusted far more often than ever in use while threads read: no thread sees a step back.
    @Test func readersNeverSeeAStepBackWhileTheClockIsAdjusted() throws {
        let discipline = ClockDiscipline(try Clock.calibrated(durationNanoseconds: 5_000_000))
        let clock = discipline.clock
        let isOver = Atomic<Bool>(false)
        let stepsBack = Atomic<Int>(0)
        let reads = Atomic<Int>(0)
        withExtendedLifetime(discipline) {
            DispatchQueue.concurrentPerform(iterations: 3) { index in
                if index == 0 {
                    for _ in 0..<12 {
                        discipline.adjust()
                        usleep(110_000)
                    }
                    isOver.store(true, ordering: .releasing)
                    return
                }
                var last = clock.now()
                while !isOver.load(ordering: .acquiring) {
                    for _ in 0..<1_000 {
                        let now = clock.now()
                        if now < last { stepsBack.wrappingAdd(1, ordering: .relaxed) }
                        last = now
                    }
                    reads.wrappingAdd(1_000, ordering: .relaxed)
                }
            }
        }
        #expect(stepsBack.load(ordering: .relaxed) == 0)
        #expect(reads.load(ordering: .relaxed) > 0)
        #expect(discipline.status.adjustments == 12)
        #expect(discipline.clock.aheadOfSystemClockNanoseconds().magnitude < 10_000_000)
    }
}
