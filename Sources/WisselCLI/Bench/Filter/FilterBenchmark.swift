import CPlatform
import Edge
import NetStack
import Runtime
import Wire

/// Frames in memory through parser, classifier and edge filter, as a network stage takes them, without a device, lanes
/// and rings.
enum FilterBenchmark {
    struct BenchmarkError: Error, CustomStringConvertible { var description: String }

    /// As in the network stage: bursts of 32 with the bytes of a frame fetched four frames ahead, the clock every 64.
    static let burst = 32
    private static let prefetchDistance = 4
    private static let packetsPerPoll = 64

    /// Runs every scenario `repetitions` times, one after the other in turn.
    static func run(
        _ scenarios: [FilterScenario], repetitions: Int, seconds: Double, progress: (FilterRun, Int) -> Void
    ) throws -> FilterBenchmarkReport {
        let clock = try Clock.calibrated()
        let runs = try scenarios.map { try FilterRun($0, now: clock.now()) }
        let ticks = UInt64(seconds * Double(clock.tscHertz))
        for run in runs { _ = run.measure(clock: clock, ticks: ticks / 5) }
        for run in runs { run.forget() }
        for repetition in 1...repetitions {
            for run in runs {
                let (packets, elapsed) = run.measure(clock: clock, ticks: ticks)
                run.rates.append(Double(packets) / (Double(elapsed) / Double(clock.tscHertz)))
                run.cycles.append(Double(elapsed) / Double(packets))
                progress(run, repetition)
            }
        }
        let results = runs.map(\.result)
        for result in results where !result.addsUp {
            throw BenchmarkError(
                description: "\(result.scenario): of \(result.offered) frames \(result.passed) passed and "
                    + "\(result.dropped) were dropped: a frame was lost without a reason")
        }
        return FilterBenchmarkReport(
            results: results,
            conditions: [
                "frames of \(FilterFrames.frameBytes) bytes, \(FilterFrames.count) different ones per scenario, "
                    + "checksums in software, one thread",
                "median of \(repetitions) repetitions of \(seconds) s, scenarios in turn; cycles of the time-stamp counter",
            ])
    }

    /// Until the counter has advanced by `ticks`.
    @inline(never) static func loop(
        _ packets: UnsafeMutablePointer<Packet>, _ parser: FrameParser, _ classifier: Classifier,
        _ filter: inout EdgeFilter, _ drops: CounterBlock<DropReason>, _ tally: inout FilterTally, clock: Clock,
        ticks: UInt64
    ) -> (packets: UInt64, ticks: UInt64) {
        let start = cplatform_tsc()
        let offeredBefore = tally.offered
        var end = start
        while end &- start < ticks {
            for _ in 0..<16 {
                let now = clock.now()
                filter.beginPoll(now: now)
                for index in tally.cursor..<tally.cursor &+ packetsPerPoll {
                    prefetch(packets[(index &+ prefetchDistance) & (FilterFrames.count &- 1)].bytes)
                    take(packets[index], parser, classifier, &filter, drops, &tally, now)
                }
                tally.cursor = (tally.cursor &+ packetsPerPoll) & (FilterFrames.count &- 1)
            }
            end = cplatform_tsc()
        }
        return (tally.offered &- offeredBefore, end &- start)
    }

    @inline(__always) private static func take(
        _ packet: Packet, _ parser: FrameParser, _ classifier: Classifier, _ filter: inout EdgeFilter,
        _ drops: CounterBlock<DropReason>, _ tally: inout FilterTally, _ now: UInt64
    ) {
        tally.offered &+= 1
        packet.receivedNanoseconds = now
        let isGranted = UInt64(packet.tag)
        tally.grantedOffered &+= isGranted
        switch parser.parse(packet) {
        case .drop(let reason): drops.add(reason)
        case .arp, .icmp, .igmp: drops.add(.noListener)
        case .udp(let headers):
            let classification = classifier.classifyUDP(
                destination: headers.destinationAddress, port: headers.destinationPort)
            if let reason = filter.check(
                source: headers.sourceAddress, sourcePort: headers.sourcePort,
                destination: headers.destinationAddress, destinationPort: headers.destinationPort,
                bytes: packet.length, classification: classification, now: now)
            {
                drops.add(reason)
            } else {
                tally.passed &+= 1
                tally.grantedPassed &+= isGranted
            }
        }
    }
}

/// What a loop counts.
struct FilterTally {
    var cursor = 0
    var offered: UInt64 = 0
    var passed: UInt64 = 0
    var grantedOffered: UInt64 = 0
    var grantedPassed: UInt64 = 0
}

/// One scenario with all it needs, and what it has given so far.
final class FilterRun {
    let scenario: FilterScenario
    /// Packets per second, and cycles per packet, of each repetition.
    var rates: [Double] = []
    var cycles: [Double] = []
    private let frames: FilterFrames
    private let interface: InterfaceConfiguration
    private let parser: FrameParser
    private let classifier: Classifier
    private let publisher: FilterPublisher
    private var filter: EdgeFilter
    private var drops = CounterBlock<DropReason>()
    private var tally = FilterTally()

    init(_ scenario: FilterScenario, now: UInt64) throws {
        self.scenario = scenario
        interface = try InterfaceConfiguration(
            macAddress: FilterFrames.nodeMAC, ipAddress: FilterScenario.node.address)
        parser = FrameParser(interface)
        classifier = try Classifier(order: FilterScenario.node)
        publisher = try FilterPublisher(
            rules: scenario.rules,
            scope: FilterScope(
                ownNetworks: [interface.prefix], orderSources: [AccessRule.anywhere], feedSources: []), stages: 1)
        filter = EdgeFilter(publisher.handover(0))
        for number in 0..<FilterScenario.granted {
            let source = FilterScenario.grantedSource(number).rawValue
            filter.apply(GrantChange(source: source, event: .established), now: now)
        }
        frames = FilterFrames(scenario)
    }

    deinit {
        interface.deallocate()
        classifier.deallocate()
        drops.deallocate()
    }

    func measure(clock: Clock, ticks: UInt64) -> (packets: UInt64, ticks: UInt64) {
        FilterBenchmark.loop(
            frames.packets, parser, classifier, &filter, drops, &tally, clock: clock, ticks: ticks)
    }

    /// Counts from zero again, after the warm-up.
    func forget() {
        drops.deallocate()
        drops = CounterBlock()
        tally = FilterTally()
    }

    var result: FilterBenchmarkReport.Result {
        let reasons = DropReason.allCases.map { ($0, drops.value($0)) }.filter { $0.1 > 0 }
        return FilterBenchmarkReport.Result(
            scenario: scenario, rates: rates, cycles: cycles, offered: tally.offered, passed: tally.passed,
            grantedOffered: tally.grantedOffered, grantedLost: tally.grantedOffered - tally.grantedPassed,
            drops: reasons)
    }
}
