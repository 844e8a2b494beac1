import CDPDK
import CPlatform
import Runtime

/// One thread puts a burst in and takes it out again, with either ring. The two functions differ in nothing but the
/// ring.
enum OneCoreRingLoop {
    @inline(never) static func spsc(_ ring: SPSCRing<UInt64>, bursts: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bursts {
            let pushed = ring.push(from: records, count: RingBenchmark.burst)
            let popped = ring.pop(into: records, maximumCount: RingBenchmark.burst)
            precondition(pushed == popped)
        }
    }

    @inline(never) static func rteRing(_ ring: UnsafeMutableRawPointer, bursts: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bursts {
            let pushed = cdpdk_ring_sp_enqueue_burst(ring, records, UInt32(RingBenchmark.burst))
            let popped = cdpdk_ring_sc_dequeue_burst(ring, records, UInt32(RingBenchmark.burst))
            precondition(pushed == popped)
        }
    }
}

/// The producer's and the consumer's side of the two-core run, in bulks that are moved whole or not at all.
enum TwoCoreRingLoop {
    @inline(never) static func produce(_ ring: SPSCRing<UInt64>, bulks: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bulks {
            while ring.freeCount(wanted: RingBenchmark.burst) < RingBenchmark.burst { cplatform_pause() }
            _ = ring.push(from: records, count: RingBenchmark.burst)
        }
    }

    @inline(never) static func consume(_ ring: SPSCRing<UInt64>, bulks: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bulks {
            while ring.readyCount(wanted: RingBenchmark.burst) < RingBenchmark.burst { cplatform_pause() }
            _ = ring.pop(into: records, maximumCount: RingBenchmark.burst)
        }
    }

    @inline(never) static func produce(_ ring: UnsafeMutableRawPointer, bulks: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bulks {
            while cdpdk_ring_sp_enqueue_bulk(ring, records, UInt32(RingBenchmark.burst)) == 0 { cplatform_pause() }
        }
    }

    @inline(never) static func consume(_ ring: UnsafeMutableRawPointer, bulks: Int) {
        let records = RingBurst.allocate()
        defer { records.deallocate() }
        for _ in 0..<bulks {
            while cdpdk_ring_sc_dequeue_bulk(ring, records, UInt32(RingBenchmark.burst)) == 0 { cplatform_pause() }
        }
    }
}

enum RingBurst {
    /// Room for one burst, zeroed, on cache lines of its own.
    static func allocate() -> UnsafeMutablePointer<UInt64> {
        let bytes = RingBenchmark.burst * MemoryLayout<UInt64>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return memory.bindMemory(to: UInt64.self, capacity: RingBenchmark.burst)
    }
}
