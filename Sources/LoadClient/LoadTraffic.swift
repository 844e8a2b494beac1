import OrderEntry
import Orders

/// The commands of a run and the answers to them: what to send when, and what was measured.
struct LoadTraffic: ~Copyable {
    /// Commands given to the session before the socket is looked at again.
    private static let sendBurst = 64
    /// Datagrams taken from the socket before time and schedule are looked at again.
    private static let receiveBurst = 64
    /// The idle client sleeps no longer than this at a time.
    private static let sleepNanoseconds: UInt64 = 1_000_000
    /// And wakes so long before something is due: the kernel's timers are late by up to 50 µs.
    private static let wakeUpNanoseconds: UInt64 = 70_000

    let options: LoadOptions
    private(set) var flow: OrderFlow
    private(set) var model: OrderModel
    private(set) var roundTrip = LatencyHistogram()
    private(set) var serviceTime = LatencyHistogram()
    private(set) var farthestBehindNanoseconds: UInt64 = 0
    private(set) var sendingNanoseconds: UInt64 = 0
    private(set) var drainingNanoseconds: UInt64 = 0
    private var times: SendTimes
    private var meter: ProgressMeter
    private var lastProgressNanoseconds: UInt64

    init(_ options: LoadOptions, session: borrowing ClientSession, now: UInt64) {
        let firstClientOrderID = options.firstClientOrderID &+ (session.firstClientSequence &- 1) % (1 << 61)
        self.options = options
        flow = OrderFlow(options: options.flow, seed: options.seed, firstClientOrderID: firstClientOrderID)
        model = OrderModel(
            firstClientOrderID: firstClientOrderID, firstClientSequence: session.firstClientSequence,
            firstReportSequence: session.firstReportSequence,
            expectedCommandCount: Int(min(options.orders, 1 << 20)), isSoleParticipant: options.isSoleParticipant)
        times = SendTimes(capacity: session.configuration.windowCapacity)
        meter = ProgressMeter(startNanoseconds: now)
        lastProgressNanoseconds = now
    }

    // MARK: The two phases

    mutating func send(
        over connection: inout LoadConnection, isStopRequested: () -> Bool, progress: (LoadProgress) -> Void
    ) throws(LoadError) {
        let start = connection.clock.now()
        let schedule = LoadSchedule(options, now: start)
        while true {
            let now = connection.clock.now()
            if schedule.isFinished(issued: flow.count, now: now) || isStalled(now) || isStopRequested() { break }
            issue(schedule, over: &connection, now)
            let isIdle = try !exchange(over: &connection)
            try connection.checkSession(answered: model.statistics.commandsAnswered, sent: flow.count)
            if meter.isDue(now) { progress(meter.take(model, connection.session.counters, .sending, now)) }
            let quiet = schedule.quietNanoseconds(issued: flow.count, now: now)
            if isIdle, options.idle == .sleep, quiet > Self.wakeUpNanoseconds, hasNothingToSend(schedule, now) {
                try connection.wait(nanoseconds: min(quiet &- Self.wakeUpNanoseconds, Self.sleepNanoseconds))
            }
        }
        sendingNanoseconds = connection.clock.now() &- start
    }

    /// Waits for what is unanswered and, with the node's confirmation, for reports lost at the end.
    mutating func drain(over connection: inout LoadConnection, progress: (LoadProgress) -> Void) throws(LoadError) {
        let start = connection.clock.now()
        lastProgressNanoseconds = start
        while true {
            let now = connection.clock.now()
            if model.unansweredCount == 0 || connection.session.unansweredCount == 0 {
                connection.session.confirm(now: now)
            }
            if connection.session.isComplete || now &- lastProgressNanoseconds >= options.drainTimeoutNanoseconds {
                break
            }
            let isIdle = try !exchange(over: &connection)
            try connection.checkSession(answered: model.statistics.commandsAnswered, sent: flow.count)
            if meter.isDue(now) { progress(meter.take(model, connection.session.counters, .draining, now)) }
            if isIdle, options.idle == .sleep { try connection.wait() }
        }
        drainingNanoseconds = connection.clock.now() &- start
    }

    // MARK: Steps

    private mutating func issue(_ schedule: LoadSchedule, over connection: inout LoadConnection, _ now: UInt64) {
        for _ in 0..<Self.sendBurst {
            guard connection.session.canSend,
                let scheduled = schedule.scheduledNanoseconds(
                    issued: flow.count, outstanding: model.unansweredCount, now: now)
            else { return }
            var command = flow.next()
            guard let sequence = connection.session.send(command, now: now) else { return }
            command.clientSequence = sequence
            if model.unansweredCount == 0 { lastProgressNanoseconds = now }
            model.sent(command)
            times[sequence] = SendTimes.Times(scheduledNanoseconds: scheduled, sentNanoseconds: now)
            farthestBehindNanoseconds = max(farthestBehindNanoseconds, now &- scheduled)
        }
    }

    /// Returns whether anything came.
    private mutating func exchange(over connection: inout LoadConnection) throws(LoadError) -> Bool {
        try connection.transmit()
        for count in 0..<Self.receiveBurst {
            guard let now = try connection.receive() else { return count > 0 }
            while let report = connection.session.nextReport() {
                lastProgressNanoseconds = now
                guard let answered = model.received(report) else { continue }
                let sent = times[answered]
                roundTrip.record(now &- sent.scheduledNanoseconds)
                serviceTime.record(now &- sent.sentNanoseconds)
            }
        }
        return true
    }

    private func hasNothingToSend(_ schedule: LoadSchedule, _ now: UInt64) -> Bool {
        schedule.scheduledNanoseconds(issued: flow.count, outstanding: model.unansweredCount, now: now) == nil
    }

    /// Whether commands are out and nothing has come for too long.
    private func isStalled(_ now: UInt64) -> Bool {
        model.unansweredCount > 0 && now > lastProgressNanoseconds
            && now &- lastProgressNanoseconds >= options.drainTimeoutNanoseconds
    }
}
