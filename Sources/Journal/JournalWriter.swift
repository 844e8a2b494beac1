import CPlatform
import Glibc
import Orders
import Runtime

/// The journal stage: packs commands into blocks, writes them and publishes the sequence up to which they are durable.
///
/// A poll takes what the ring holds into a free write slot and submits it at once; while all slots are in flight the
/// ring fills, so the batch grows with the load and no timer is needed. Writes may finish in any order; the durable
/// sequence follows them in order. A write that fails stays in memory and is tried again until it succeeds, while
/// `sharedState` tells the engine to refuse orders.
///
/// Set-up and `close` belong to the thread of the owner, `poll` to one polling core; never both at once.
public struct JournalWriter: ~Copyable, Stage {
    /// How blocks reach the device, and why not by io_uring if so.
    public let mode: JournalMode
    public let modeReason: String
    /// What was found in the directory at the start; nil when it held no journal.
    public let recovered: JournalSummary?
    /// Number of this run.
    public let epoch: UInt64
    /// Read by other stages; valid as long as the writer lives.
    public let sharedState: JournalSharedState
    /// Read by any thread; valid as long as the writer lives.
    public let counters: CounterBlock<JournalCounter>

    let configuration: Settings
    let directoryPath: String
    let input: SPSCRing<Command>
    let ring: OpaquePointer?
    let lockDescriptor: Int32
    let directoryDescriptor: Int32
    let name: UnsafeMutablePointer<CChar>
    let slots: UnsafeMutablePointer<WriteSlot>
    let buffers: UnsafeMutableRawPointer

    /// Slots filled and slots durable since the start; the difference is at most `writesInFlight`.
    var headSlot = 0
    var tailSlot = 0
    /// Operations given to io_uring and not yet completed.
    var operationsInFlight = 0
    /// Slots in state `waiting`.
    var waitingSlots = 0
    var preparation = SegmentPreparation()
    var segment: CurrentSegment
    /// The header of the next block, less its record count.
    var next: JournalBlock.Header
    var isHalted = false
    var isClosed = false

    /// The file being written.
    struct CurrentSegment: BitwiseCopyable {
        var descriptor: Int32
        var number: Int
        /// Blocks given to write slots.
        var usedBlocks = 0
    }

    /// The part of the configuration that polls read.
    struct Settings: BitwiseCopyable {
        var blocksPerSegment: Int
        var blocksPerWrite: Int
        var writesInFlight: Int
        var retryIntervalNanoseconds: UInt64
        var reservesSpace: Bool
        var yieldsWhileWriting: Bool
    }

    /// Sequence of the last record taken from the ring, durable or not; the sequencer continues after it.
    public var lastSequence: UInt64 { next.firstSequence &- 1 }

    /// Nothing in the ring and nothing on its way to the device. On the polling core, or while it rests.
    public var isIdle: Bool { headSlot == tailSlot && (isHalted || input.count == 0) }

    /// Takes up to one group commit from the ring, submits it, and publishes what has become durable.
    public mutating func poll(now: UInt64) -> Int {
        var work = 0
        if operationsInFlight > 0 { work &+= reap(now) }
        if waitingSlots > 0 { work &+= retrySlots(now) }
        if preparation.state == .waiting && now >= preparation.retryNanoseconds { beginPreparation(now) }
        work &+= publish()
        work &+= fill(now)
        if work == 0 && operationsInFlight > 0 && configuration.yieldsWhileWriting { sched_yield() }
        return work
    }

    /// The stage as a core plan sees it.
    public static func handle(at pointer: UnsafeMutablePointer<JournalWriter>) -> StageHandle {
        StageHandle(name: "journal", context: UnsafeMutableRawPointer(pointer)) { context, now in
            context.assumingMemoryBound(to: JournalWriter.self).pointee.poll(now: now)
        }
    }

    deinit {
        // The kernel may still write from the buffers.
        var completion = cplatform_io_completion()
        var outstanding = operationsInFlight
        while let ring, outstanding > 0 {
            if cplatform_io_ring_poll(ring, &completion) == 1 { outstanding -= 1 } else { usleep(50) }
        }
        if let ring { cplatform_io_ring_close(ring) }
        for index in tailSlot..<headSlot {
            let slot = slots + index % configuration.writesInFlight
            if slot.pointee.endsSegment && slot.pointee.descriptor != segment.descriptor {
                Glibc.close(slot.pointee.descriptor)
            }
        }
        if preparation.descriptor >= 0 { Glibc.close(preparation.descriptor) }
        if segment.descriptor >= 0 { Glibc.close(segment.descriptor) }
        Glibc.close(directoryDescriptor)
        Glibc.close(lockDescriptor)
        sharedState.deallocate()
        counters.deallocate()
        name.deallocate()
        slots.deallocate()
        buffers.deallocate()
    }
}
