import CPlatform
import Foundation

/// One life of one engine: every message of a workload, one call each, on one thread.
///
/// Before the clock starts the messages lie in memory, the engine is initialised and, where it wants that, has seen each
/// message for preparing it in its own form. The clock is stopped after every `slice` messages. An engine with a queue of its
/// own is drained then, as a second core would do it meanwhile, so that no engine pays for reading.
///
/// That queue is as large as the buffer the others write into. The benchmark's own has 2²⁰ places, 64 MiB that pass through
/// the caches, and would be measured instead of the engine.
enum MatchingReplay {
    /// Few enough that what they make fits into the queue.
    static let slice = 512
    /// Reports that fit into an engine's own queue: 256 KiB.
    static let queueCapacity = UInt32(ReportBuffer.slots)

    /// Runs it on the calling thread. Once per process.
    /// - Parameter summing: reads every report. The figures are not to be used then.
    static func run(_ engine: YardstickEngine, _ messages: PreparedMessages, summing: Bool) throws -> MatchingRunFigures
    {
        let buffer = UnsafeMutablePointer<ReportBuffer>.allocate(capacity: 1)
        buffer.initialize(to: ReportBuffer(summing: summing))
        let own = engine.transport?().map(ReportTransport.init)
        let transport = own ?? .copying()
        var queue: ReportQueue?
        if let own {
            guard let handle = own.create(capacity: queueCapacity), let drain = own.drain else {
                throw YardstickError("the engine's own queue of reports could not be made (engine_get_transport)")
            }
            queue = ReportQueue(handle: handle, drain: drain, into: buffer)
        }
        engine.initialise(
            UInt64.random(in: .min ... .max), transport.table, queue?.handle ?? UnsafeMutableRawPointer(buffer))
        let threads = threadCount()
        if let prebuild = engine.prebuild {
            for index in 0..<messages.count { prebuild(messages[index].kind, messages[index].message) }
        }

        let switches = Int(cplatform_involuntary_switches_self())
        var ticks: UInt64 = 0
        var next = 0
        while next < messages.count {
            let end = min(next + slice, messages.count)
            let start = cplatform_tsc()
            deliver(messages, next..<end, engine)
            if end == messages.count {
                engine.flush()
                transport.flush?(queue?.handle ?? UnsafeMutableRawPointer(buffer))
            }
            ticks &+= cplatform_tsc() &- start
            queue?.empty()
            next = end
        }
        queue?.empty()
        let lost = Int(cplatform_involuntary_switches_self()) - switches
        engine.shutdown()
        return MatchingRunFigures(
            messages: messages.count, ticks: ticks, reports: buffer.pointee.count,
            digest: (summing ? buffer.pointee.digest : buffer.pointee.tailDigest).text,
            ownThreads: max(0, threads - 1), involuntarySwitches: lost)
    }

    /// What is measured.
    @inline(never) private static func deliver(
        _ messages: PreparedMessages, _ range: Range<Int>, _ engine: YardstickEngine
    ) {
        let (newOrder, cancel, modify) = (engine.newOrder, engine.cancel, engine.modify)
        var element = UnsafeRawPointer(messages.base + range.lowerBound * PreparedMessages.stride)
        let end = UnsafeRawPointer(messages.base + range.upperBound * PreparedMessages.stride)
        while element < end {
            switch element.load(as: UInt8.self) {
            case 0: newOrder(element + PreparedMessages.payload)
            case 1: cancel(element + PreparedMessages.payload)
            default: modify(element + PreparedMessages.payload)
            }
            element += PreparedMessages.stride
        }
    }

    private static func threadCount() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 1
    }
}

/// What a process that ran one engine says, as one line of JSON.
struct MatchingRunFigures: Codable {
    var messages: Int
    var ticks: UInt64
    var reports: UInt64
    /// Of all reports, or of the last ones.
    var digest: String
    /// Threads the engine started.
    var ownThreads: Int
    var involuntarySwitches: Int
}
