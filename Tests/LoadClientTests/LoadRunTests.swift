import LoadClient
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct LoadRunTests {
    private func options(_ node: ToyNode, _ change: (inout LoadOptions) -> Void = { _ in }) -> LoadOptions {
        var options = LoadOptions(
            node: node.address, session: ToyNode.session, participant: ToyNode.participant,
            accessKey: ToyNode.accessKey, pace: .closedLoop(window: 16), orders: 2_000, isSoleParticipant: true,
            drainTimeoutNanoseconds: 2_000_000_000, idle: .sleep)
        change(&options)
        return options
    }

    private func run(
        _ misbehaviour: ToyExchange.Misbehaviour = .none, _ change: (inout LoadOptions) -> Void = { _ in }
    ) throws -> LoadReport {
        let node = ToyNode(misbehaviour)
        node.start()
        defer { node.stop() }
        return try LoadRun(options: options(node, change)).run()
    }

    @Test func closedLoopIsClean() throws {
        let report = try run()
        #expect(report.hasPassed, "\(report.violations)")
        #expect(report.sent.total == 2_000 && report.answers.acknowledged == 2_000)
        #expect(report.roundTrip.count == 2_000 && report.serviceTime.p50Nanoseconds > 0)
        #expect(report.answers.trades > 0 && report.answers.fills == 2 * report.answers.trades)
        #expect(report.pace.windowCommands == 16 && report.pace.achievedPerSecond > 0)
    }

    @Test func faultsChangeNothing() throws {
        let clean = try run()
        // Of as few as 125 datagrams, 16 commands in each, some are dropped for certain.
        let faults = LinkFaultOptions(dropShare: 0.1, duplicateShare: 0.05, reorderShare: 0.05)
        let faulty = try run {
            $0.sendFaults = faults
            $0.receiveFaults = faults
        }
        #expect(faulty.hasPassed, "\(faulty.violations)")
        #expect(faulty.link.resends > 0 && (faulty.link.sendFaults?.dropped ?? 0) > 0)
        #expect(faulty.streamHash == clean.streamHash && faulty.bookHash == clean.bookHash)
        #expect(faulty.answers == clean.answers)
    }

    @Test func aTerribleLinkChangesNothing() throws {
        let faults = LinkFaultOptions(dropShare: 0.2, duplicateShare: 0.2, reorderShare: 0.2)
        let clean = try run { $0.orders = 500 }
        let faulty = try run {
            $0.orders = 500
            $0.sendFaults = faults
            $0.receiveFaults = faults
        }
        #expect(faulty.hasPassed, "\(faulty.violations)")
        #expect(faulty.bookHash == clean.bookHash && faulty.answers == clean.answers)
    }

    @Test func openLoopKeepsItsRate() throws {
        let report = try run {
            $0.pace = .openLoop(ratePerSecond: 5_000)
            $0.orders = 1_000
        }
        #expect(report.hasPassed && report.pace.askedPerSecond == 5_000)
        #expect(report.pace.achievedPerSecond > 2_500 && report.pace.achievedPerSecond < 5_500)
    }

    @Test(arguments: [ToyExchange.Misbehaviour.fillsTwice, .inventsQuantity])
    func brokenPromisesFailTheRun(misbehaviour: ToyExchange.Misbehaviour) throws {
        let report = try run(misbehaviour)
        #expect(!report.hasPassed && report.violationCount > 0 && report.table().contains("FAILED"))
    }

    @Test func aCommandWithoutAnAnswerFailsTheRun() throws {
        let report = try run(.staysSilent)
        #expect(report.violations.contains { $0.contains("command 1000 ") && $0.contains("never answered") })
    }

    @Test func aStalledLoopEnds() throws {
        let report = try run(.staysSilent) {
            $0.pace = .closedLoop(window: 1)
            $0.drainTimeoutNanoseconds = 200_000_000
        }
        #expect(report.sent.total == 1_000 && report.violationCount == 1)
    }

    @Test func goesOnWithAnOldSession() throws {
        let node = ToyNode()
        node.start()
        defer { node.stop() }
        let first = try LoadRun(options: options(node)).run()
        let second = try LoadRun(options: options(node) { $0.seed = 2 }).run()
        #expect(first.hasPassed && second.hasPassed, "\(first.violations) \(second.violations)")
        #expect(first.liveOrders > 0 && second.answers.acknowledged == 2_000)
    }

    @Test func stopsWhenAsked() throws {
        let node = ToyNode()
        node.start()
        defer { node.stop() }
        var progressCount = 0
        var calls = 0
        let run = try LoadRun(
            options: options(node) {
                $0.pace = .openLoop(ratePerSecond: 1_000)
                $0.orders = 1_000_000
            })
        let report = try run.run(
            isStopRequested: {
                calls += 1
                return progressCount >= 3
            }, progress: { _ in progressCount += 1 })
        #expect(report.hasPassed && report.sent.total < 5_000 && calls > 3)
    }

    @Test func aWrongKeyIsExplained() throws {
        let node = ToyNode()
        node.start()
        defer { node.stop() }
        let options = options(node) {
            $0.accessKey[0] = 0
            $0.establishTimeoutNanoseconds = 150_000_000
        }
        let error = #expect(throws: LoadError.self) { try LoadRun(options: options).run() }
        #expect(error?.description.contains("access key") == true)
    }

    @Test func aNodeThatIsNotThereIsExplained() throws {
        let address = ToyNode().address
        let options = LoadOptions(
            node: address, session: 1, participant: 1, accessKey: ToyNode.accessKey,
            establishTimeoutNanoseconds: 150_000_000, idle: .sleep)
        let error = #expect(throws: LoadError.self) { try LoadRun(options: options).run() }
        #expect(error?.description.contains("nothing listens there") == true)
    }

    @Test func wrongOptionsAreNamed() {
        let error = #expect(throws: LoadError.self) {
            _ = try LoadRun(
                options: LoadOptions(
                    node: SocketAddress("127.0.0.1", port: 1), session: 0, participant: 1,
                    accessKey: ToyNode.accessKey))
        }
        #expect(error?.description.contains("session 0") == true)
    }
}
