import CPlatform
import Foundation
import Runtime
import Synchronization

/// One run of a ring between two pinned threads.
enum TwoCoreRingRun {
    enum Ring: @unchecked Sendable {
        case spsc(SPSCRing<UInt64>)
        case rteRing(UnsafeMutableRawPointer)
    }

    struct Result {
        /// The producer's ticks per element plus the consumer's.
        var ticksPerElement: Double
        /// How often the kernel took the CPU away from either thread.
        var involuntarySwitches: Int
    }

    static func measure(_ cpus: (producer: Int, consumer: Int), _ ring: Ring, bulks: Int) -> Result {
        let arrived = Barrier()
        let producer = Side(cpu: cpus.producer, arrived) {
            switch ring {
            case .spsc(let ring): TwoCoreRingLoop.produce(ring, bulks: bulks)
            case .rteRing(let ring): TwoCoreRingLoop.produce(ring, bulks: bulks)
            }
        }
        let consumer = Side(cpu: cpus.consumer, arrived) {
            switch ring {
            case .spsc(let ring): TwoCoreRingLoop.consume(ring, bulks: bulks)
            case .rteRing(let ring): TwoCoreRingLoop.consume(ring, bulks: bulks)
            }
        }
        producer.start()
        consumer.start()
        producer.done.wait()
        consumer.done.wait()
        let elements = Double(bulks * RingBenchmark.burst)
        return Result(
            ticksPerElement: Double(producer.ticks) / elements + Double(consumer.ticks) / elements,
            involuntarySwitches: producer.switches + consumer.switches)
    }

    private final class Barrier: Sendable {
        let count = Atomic(0)

        /// Returns when both sides have come. Yields, for the case that both are on one CPU.
        func wait() {
            count.wrappingAdd(1, ordering: .acquiringAndReleasing)
            while count.load(ordering: .acquiring) < 2 { sched_yield() }
        }
    }

    /// One of the two threads. Its results are read after `done` was signalled.
    private final class Side: @unchecked Sendable {
        let done = DispatchSemaphore(value: 0)
        private(set) var ticks: UInt64 = 0
        private(set) var switches = 0
        private let cpu: Int
        private let barrier: Barrier
        private let body: @Sendable () -> Void

        init(cpu: Int, _ barrier: Barrier, _ body: @escaping @Sendable () -> Void) {
            self.cpu = cpu
            self.barrier = barrier
            self.body = body
        }

        func start() {
            Thread.detachNewThread { [self] in
                _ = cplatform_pin_self(Int32(truncatingIfNeeded: cpu))
                barrier.wait()
                let before = cplatform_involuntary_switches_self()
                ticks = TickCounter().ticks(body)
                switches = Int(cplatform_involuntary_switches_self() - before)
                done.signal()
            }
        }
    }
}
