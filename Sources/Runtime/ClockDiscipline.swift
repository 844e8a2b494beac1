import CPlatform
import Glibc
import Synchronization

/// Keeps a clock with the system's: measures the distance again and again and turns the slope, never the time.
///
/// `clock` is what the cores copy; `adjust()` belongs to one control thread, about once a second. An adjustment takes the
/// counter's rate from the last two measurements and adds what closes the distance until the next one, at most 500 parts
/// per million, so that time goes on evenly and never backwards even when the system clock is stepped. It takes effect
/// 100 ms later: all cores have seen the new line before its first reading.
public final class ClockDiscipline: @unchecked Sendable {
    /// Copies of it must not be read after the discipline is gone.
    public let clock: Clock

    private static let largestSlew = 500e-6
    /// A rate further than this from the first calibration is no drift but a step of the system clock between two
    /// measurements.
    private static let largestDrift = 1_000e-6
    private static let leadNanoseconds: UInt64 = 100_000_000
    private static let intervalNanoseconds = 1e9

    private let lines: ClockLines?
    /// Nanoseconds per tick of the first calibration, and as last measured.
    private let firstRate: Double
    private var rate: Double
    private var last: ClockSample?
    /// Where the newest line begins.
    private var newestOrigin: UInt64
    private let state: Mutex<ClockStatus>

    /// - Parameter clock: freshly calibrated.
    public init(_ clock: Clock) {
        firstRate = Double(clock.nanosecondsPerTick) / 0x1p60
        rate = firstRate
        newestOrigin = clock.originTicks
        if clock.source == .timeStampCounter {
            let lines = ClockLines(
                first: .init(
                    originTicks: clock.originTicks, originNanoseconds: clock.originNanoseconds,
                    nanosecondsPerTick: clock.nanosecondsPerTick))
            self.lines = lines
            self.clock = Clock(clock, following: lines)
        } else {
            lines = nil
            self.clock = clock
        }
        state = Mutex(
            ClockStatus(
                source: clock.source, ticksPerSecond: clock.tscHertz,
                errorBoundNanoseconds: clock.errorBoundNanoseconds,
                driftBoundPartsPerBillion: clock.driftBoundPartsPerBillion,
                measuredAtNanoseconds: clock.originTimeNanoseconds))
    }

    deinit { lines?.deallocate() }

    /// What is known of the clock now. Any thread.
    public var status: ClockStatus { state.withLock { $0 } }

    /// Measures and turns the slope. Takes some 20 µs. Nothing happens while the last adjustment has not taken effect, which
    /// bounds the lines that readers can need. Control thread.
    public func adjust() { adjust(to: ClockSample.best(of: CLOCK_REALTIME)) { cplatform_tsc() } }

    /// Turns the slope by a measurement made elsewhere. Control thread.
    /// - Parameter ticksNow: the counter after the line was published, to see that it was in time.
    public func adjust(to sample: ClockSample, ticksNow: () -> UInt64) {
        guard let lines else {
            let offset = clock.aheadOfSystemClockNanoseconds()
            note(offset: 0 &- offset, halfWidth: 1_000, at: sample.nanoseconds)
            return
        }
        guard Int64(bitPattern: sample.ticks &- newestOrigin) >= 0 else { return }
        let offset = Int64(bitPattern: sample.nanoseconds &- lines.nanoseconds(atTicks: sample.ticks))
        let halfWidth = Double(sample.halfWidthTicks) * rate
        var uncertainty = 0.0
        if let last, sample.ticks > last.ticks {
            let ticks = Double(sample.ticks &- last.ticks)
            let measured = Double(Int64(bitPattern: sample.nanoseconds &- last.nanoseconds)) / ticks
            if abs(measured / firstRate - 1) < Self.largestDrift {
                // Half the new measurement: what one interrupted reading adds is gone after a few.
                rate += (measured - rate) / 2
                uncertainty = (halfWidth + Double(last.halfWidthTicks) * rate) / (ticks * rate) * 1e9
            }
        }
        last = sample

        let lead = UInt64(Double(Self.leadNanoseconds) / rate)
        let origin = sample.ticks &+ lead
        let originNanoseconds = lines.nanoseconds(atTicks: origin)
        // What the system clock will say at the origin, if it goes on at this rate.
        let expected = sample.nanoseconds &+ UInt64(Double(lead) * rate)
        let distance = Double(Int64(bitPattern: expected &- originNanoseconds))
        let slew = min(max(distance / Self.intervalNanoseconds, -Self.largestSlew), Self.largestSlew)
        let slope = rate * (1 + slew)
        lines.publish(
            .init(
                originTicks: origin, originNanoseconds: originNanoseconds,
                nanosecondsPerTick: UInt64(slope * 0x1p60)))
        newestOrigin = origin
        let isLate = Int64(bitPattern: origin &- ticksNow()) <= 0
        note(
            offset: offset, halfWidth: UInt64(halfWidth) + 1, at: sample.nanoseconds, uncertainty: uncertainty,
            isLate: isLate)
    }

    private func note(
        offset: Int64, halfWidth: UInt64, at nanoseconds: UInt64, uncertainty: Double = 0, isLate: Bool = false
    ) {
        state.withLock { status in
            status.adjustments &+= 1
            if isLate { status.lateAdjustments &+= 1 }
            status.offsetNanoseconds = offset
            status.errorBoundNanoseconds = offset.magnitude &+ halfWidth
            if uncertainty > 0 { status.driftBoundPartsPerBillion = UInt64(uncertainty) + 1 }
            status.driftPartsPerBillion = Int64((rate / firstRate - 1) * 1e9)
            status.measuredAtNanoseconds = nanoseconds
        }
    }
}

/// What is on record of a clock: where its time comes from and how far it may be off.
///
/// There are no hardware receive stamps in it: none of the devices this has run on makes any (`RTE_ETH_RX_OFFLOAD_TIMESTAMP`).
public struct ClockStatus: Sendable, Equatable {
    public var source: Clock.Source
    /// Of the time-stamp counter, as first calibrated.
    public var ticksPerSecond: UInt64
    /// How far the system clock was ahead at the last measurement.
    public var offsetNanoseconds: Int64 = 0
    /// The clock was off the system clock by no more than this at the last measurement.
    public var errorBoundNanoseconds: UInt64
    /// The rate in use is known to this: the error bound grows by so much per second until the next measurement.
    public var driftBoundPartsPerBillion: UInt64
    /// How much the counter's rate differs from the first calibration.
    public var driftPartsPerBillion: Int64 = 0
    /// Measurements since the start.
    public var adjustments: UInt64 = 0
    /// Adjustments that the cores saw only after they took effect, because the control thread was held up: each can have
    /// stepped the time back by at most 500 parts per million of the delay. 0 is the rule.
    public var lateAdjustments: UInt64 = 0
    /// Time of the last measurement, nanoseconds since the Unix epoch.
    public var measuredAtNanoseconds: UInt64
}
