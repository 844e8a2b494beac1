import CPlatform
import Glibc

/// The time of day as a polling core reads it: the time-stamp counter, scaled to nanoseconds since the Unix epoch.
///
/// A plain value: copy it to every core. It never steps back. By itself it does not follow later changes of the system
/// clock, and drifts by at most `driftBoundPartsPerBillion` plus whatever the system clock is slewed by; the clock of a
/// `ClockDiscipline` follows it by changes of slope. One nanosecond is the resolution of the arithmetic, not the accuracy: that is `errorBoundNanoseconds`.
///
/// Where the counter may stop or change its rate (no `constant_tsc` and `nonstop_tsc` in /proc/cpuinfo), the clock
/// asks the kernel (`CLOCK_MONOTONIC` plus an offset taken once) and stays monotone the same way.
public struct Clock: Sendable, BitwiseCopyable {
    /// Where the time comes from.
    public enum Source: UInt8, Sendable, BitwiseCopyable {
        /// The processor's time-stamp counter.
        case timeStampCounter
        /// The kernel, by `clock_gettime`.
        case kernel
    }

    public let source: Source
    /// Ticks per second of the time-stamp counter, as measured; for `cycles()`.
    public let tscHertz: UInt64
    /// The clock was off the system clock by no more than this when it was calibrated.
    public let errorBoundNanoseconds: UInt64
    /// The measured rate was off by no more than this.
    public let driftBoundPartsPerBillion: UInt64

    /// Nanoseconds per tick, as a fraction of 2⁶⁰: any counter of 62.5 MHz and more fits.
    @usableFromInline let nanosecondsPerTick: UInt64
    @usableFromInline let originTicks: UInt64
    /// The time at `originTicks`, or for the kernel source the distance from CLOCK_MONOTONIC to CLOCK_REALTIME.
    @usableFromInline let originNanoseconds: UInt64
    /// The lines in use instead of the one above when a `ClockDiscipline` keeps the clock.
    @usableFromInline let lines: ClockLines?

    /// The clock, kept by a discipline from now on.
    init(_ clock: Clock, following lines: ClockLines) {
        source = clock.source
        tscHertz = clock.tscHertz
        errorBoundNanoseconds = clock.errorBoundNanoseconds
        driftBoundPartsPerBillion = clock.driftBoundPartsPerBillion
        nanosecondsPerTick = clock.nanosecondsPerTick
        originTicks = clock.originTicks
        originNanoseconds = clock.originNanoseconds
        self.lines = lines
    }

    /// A clock along a line that is known already: simulations, tests.
    /// - Parameters:
    ///   - ticksPerSecond: of the time-stamp counter, 100 MHz … 20 GHz.
    ///   - originTicks: the counter when it was `originNanoseconds` since the Unix epoch.
    public init(
        ticksPerSecond: UInt64, originTicks: UInt64, originNanoseconds: UInt64, errorBoundNanoseconds: UInt64,
        driftBoundPartsPerBillion: UInt64
    ) {
        precondition(
            (100_000_000...20_000_000_000).contains(ticksPerSecond), "\(ticksPerSecond) Hz is outside 100 MHz…20 GHz")
        self.init(
            source: .timeStampCounter,
            calibration: ClockCalibration(
                tscHertz: ticksPerSecond, originTicks: originTicks, originNanoseconds: originNanoseconds,
                realMinusMonotonicNanoseconds: 0, errorBoundNanoseconds: errorBoundNanoseconds,
                driftBoundPartsPerBillion: driftBoundPartsPerBillion))
    }

    /// The time of the first calibration.
    var originTimeNanoseconds: UInt64 { source == .kernel ? kernelNow() : originNanoseconds }

    init(source: Source, calibration: ClockCalibration) {
        self.source = source
        tscHertz = calibration.tscHertz
        errorBoundNanoseconds = calibration.errorBoundNanoseconds
        driftBoundPartsPerBillion = source == .kernel ? 0 : calibration.driftBoundPartsPerBillion
        nanosecondsPerTick = tscHertz.dividingFullWidth((1_000_000_000 >> 4, 1_000_000_000 << 60)).quotient
        originTicks = calibration.originTicks
        lines = nil
        originNanoseconds =
            source == .kernel ? calibration.realMinusMonotonicNanoseconds : calibration.originNanoseconds
    }

    /// Measures the time-stamp counter against the system clock. Takes about `durationNanoseconds`; a longer
    /// measurement gives a smaller drift bound. Any thread, once, at set-up.
    /// - Parameters:
    ///   - durationNanoseconds: 1 ms … 10 s.
    ///   - source: nil takes the best one this processor has.
    /// - Throws: `RuntimeError.clockNotCalibrated`.
    public static func calibrated(
        durationNanoseconds: UInt64 = 50_000_000, source: Source? = nil
    ) throws(RuntimeError) -> Clock {
        let calibration = try ClockCalibration.measure(durationNanoseconds)
        let source = source ?? Source.best(processorInformation: textFile("/proc/cpuinfo") ?? "")
        return Clock(source: source, calibration: calibration)
    }

    /// Nanoseconds since 1970-01-01 00:00 UTC, without leap seconds. Any thread.
    @inlinable public func now() -> UInt64 {
        guard source == .timeStampCounter else { return kernelNow() }
        if let lines { return lines.now() }
        return nanoseconds(atTicks: cplatform_tsc())
    }

    /// The time-stamp counter itself, for measuring short distances on one core; `tscHertz` ticks are a second.
    @inlinable public func cycles() -> UInt64 { cplatform_tsc() }

    /// The time at a reading that another thread took of what this clock reads: the time-stamp counter, or CLOCK_MONOTONIC
    /// in nanoseconds when the source is the kernel. A disciplined clock knows the readings of its last three seconds.
    @inlinable public func nanoseconds(atReading reading: UInt64) -> UInt64 {
        source == .timeStampCounter ? nanoseconds(atTicks: reading) : reading &+ originNanoseconds
    }

    /// The time at a reading of the counter that is not older than the calibration.
    @inlinable public func nanoseconds(atTicks ticks: UInt64) -> UInt64 {
        if let lines { return lines.nanoseconds(atTicks: ticks) }
        let product = (ticks &- originTicks).multipliedFullWidth(by: nanosecondsPerTick)
        return originNanoseconds &+ (product.high << 4 | product.low >> 60)
    }

    /// How far this clock is ahead of the system clock now, in nanoseconds: the sum of drift and of what the system
    /// clock was slewed or stepped since the calibration. For reports, not for the data plane.
    public func aheadOfSystemClockNanoseconds() -> Int64 {
        let (before, system, after) = (now(), systemNanoseconds(CLOCK_REALTIME), now())
        return Int64(bitPattern: before &+ (after &- before) / 2 &- system)
    }

    @usableFromInline func kernelNow() -> UInt64 { systemNanoseconds(CLOCK_MONOTONIC) &+ originNanoseconds }
}

extension Clock.Source {
    /// The counter when the processor says that it runs at one rate in every power state, else the kernel.
    /// - Parameter processorInformation: the text of /proc/cpuinfo.
    public static func best(processorInformation: String) -> Clock.Source {
        for line in processorInformation.split(separator: "\n") where line.hasPrefix("flags") {
            let flags = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            return flags.contains("constant_tsc") && flags.contains("nonstop_tsc") ? .timeStampCounter : .kernel
        }
        return .kernel
    }
}
