import Journal
import OrderEntry
import Orders
import Runtime

/// What a replay found.
public struct ReplayResult: Sendable {
    public var records: UInt64
    public var blocks: UInt64
    /// Checkpoints whose hash was compared and equal.
    public var checkpoints: UInt64
    public var lastSequence: UInt64
    public var stateHash: UInt64
    public var liveOrders: Int
    public var nanoseconds: UInt64
    /// What was cut off at the end of the journal and why; nil when it ended whole.
    public var truncatedTail: String?

    public var recordsPerSecond: Double { nanoseconds == 0 ? 0 : Double(records) * 1e9 / Double(nanoseconds) }
}

/// Why a journal could not be replayed, beyond what `JournalError` says of its bytes.
public enum ReplayError: Error, CustomStringConvertible {
    case checkpointDiffers(sequence: UInt64, recorded: UInt64, replayed: UInt64)

    public var description: String {
        switch self {
        case .checkpointDiffers(let sequence, let recorded, let replayed):
            "the events replayed up to sequence \(sequence) hash to \(String(replayed, radix: 16)), the journal recorded "
                + "\(String(recorded, radix: 16)): the configuration (instruments, shards, limits, participants) or the program is "
                + "not the one that wrote this journal; replay it with those"
        }
    }
}

/// The journal into a fresh engine: for recovery at start, and for `wissel replay`.
public enum Replay {
    /// Replays the whole journal of a configuration into a fresh engine.
    public static func run(configuration: NodeConfiguration) throws -> ReplayResult {
        var core = EngineCore(configuration: configuration, authenticator: AccessKeyAuthenticator())
        return try apply(directory: configuration.journal.directory, to: &core)
    }

    /// Replays what a directory holds, if anything, into `core`; nil for a directory without a journal.
    static func recover(directory: String, into core: inout EngineCore) throws -> ReplayResult? {
        let result = try apply(directory: directory, to: &core)
        return result.records == 0 ? nil : result
    }

    private static func apply(directory: String, to core: inout EngineCore) throws -> ReplayResult {
        let clock = try Clock.calibrated(durationNanoseconds: 5_000_000)
        let start = clock.now()
        var reader = try JournalReader(directory: directory)
        let batch = UnsafeMutablePointer<Command>.allocate(capacity: Limits.replayBatch)
        defer { batch.deallocate() }
        var result = ReplayResult(
            records: 0, blocks: 0, checkpoints: 0, lastSequence: 0, stateHash: 0, liveOrders: 0, nanoseconds: 0,
            truncatedTail: nil)
        while case let count = try reader.next(into: batch, maximumCount: Limits.replayBatch), count > 0 {
            for index in 0..<count {
                if index % Limits.messagesPerPoll == 0 {
                    let burst = min(Limits.messagesPerPoll, count - index)
                    core.lookAhead(UnsafeBufferPointer(start: batch + index, count: burst))
                }
                if batch[index].kind == .checkpoint {
                    let recorded = batch[index].clientOrderID
                    guard recorded == core.events.value else {
                        throw ReplayError.checkpointDiffers(
                            sequence: batch[index].sequence, recorded: recorded, replayed: core.events.value)
                    }
                    result.checkpoints += 1
                }
                core.apply(batch[index])
            }
            result.records += UInt64(count)
        }
        result.nanoseconds = clock.now() &- start
        result.blocks = reader.summary.blocks
        result.truncatedTail = reader.summary.truncatedTail.map { "\($0)" }
        result.lastSequence = core.sequence
        result.stateHash = core.stateHash()
        result.liveOrders = core.liveOrderCount
        return result
    }
}
