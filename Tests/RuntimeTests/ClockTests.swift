import Glibc
import Runtime
import Testing

@Suite struct ClockTests {
    static let counterFlags = "processor\t: 0\nflags\t\t: fpu tsc constant_tsc rep_good nonstop_tsc cpuid\n"

    @Test(arguments: [
        (counterFlags, Clock.Source.timeStampCounter),
        ("flags\t\t: fpu tsc constant_tsc cpuid\n", .kernel),
        ("flags\t\t: fpu tsc nonstop_tsc cpuid\n", .kernel),
        ("flags\t\t: fpu xconstant_tsc nonstop_tscx\n", .kernel),
        ("processor\t: 0\n", .kernel),
        ("", .kernel),
    ])
    func source(text: String, expected: Clock.Source) {
        #expect(Clock.Source.best(processorInformation: text) == expected)
    }

    @Test(arguments: [Clock.Source.timeStampCounter, .kernel])
    func agreesWithTheSystemClock(source: Clock.Source) throws {
        let clock = try Clock.calibrated(durationNanoseconds: 20_000_000, source: source)
        #expect(clock.source == source)
        #expect((100_000_000...20_000_000_000).contains(clock.tscHertz))
        #expect(clock.errorBoundNanoseconds < 1_000_000)
        // A loaded machine may interrupt between the two readings, so take the best of some.
        let distances = (0..<50).map { _ in clock.aheadOfSystemClockNanoseconds().magnitude }
        #expect(distances.min()! < 100_000, "distances \(distances)")
    }

    @Test(arguments: [Clock.Source.timeStampCounter, .kernel])
    func neverStepsBack(source: Clock.Source) throws {
        let clock = try Clock.calibrated(durationNanoseconds: 1_000_000, source: source)
        var last = clock.now()
        var stepsBack = 0
        for _ in 0..<100_000 {
            let now = clock.now()
            if now < last { stepsBack += 1 }
            last = now
        }
        #expect(stepsBack == 0)
    }

    @Test func measuresASleep() throws {
        let clock = try Clock.calibrated(durationNanoseconds: 20_000_000)
        let (startNow, startCycles) = (clock.now(), clock.cycles())
        usleep(20_000)
        let (nanoseconds, cycles) = (clock.now() - startNow, clock.cycles() - startCycles)
        #expect(nanoseconds >= 19_900_000)
        let byCycles = Double(cycles) / Double(clock.tscHertz) * 1e9
        #expect(abs(byCycles - Double(nanoseconds)) < 1_000_000)
    }

    @Test func ticksBecomeNanosecondsWithoutOverflow() throws {
        let clock = try Clock.calibrated(durationNanoseconds: 1_000_000)
        guard clock.source == .timeStampCounter else { return }
        let origin = clock.cycles()
        let tenYears: UInt64 = 10 * 365 * 86_400
        let distance =
            clock.nanoseconds(atTicks: origin + tenYears * clock.tscHertz) - clock.nanoseconds(atTicks: origin)
        let expected = tenYears * 1_000_000_000
        #expect(distance.distance(to: expected).magnitude <= 2, "off by \(distance.distance(to: expected)) ns")
    }
}
