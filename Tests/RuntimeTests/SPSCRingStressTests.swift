import Glibc
import Runtime
import Testing

/// Two threads on one ring. Every outcome of a received record, and whether it may happen:
///
/// | received after record n | | |
/// |---|---|---|
/// | n + 1, payload whole | allowed | the next record, published after its payload |
/// | n + 1, payload torn or stale | forbidden | the cursor was seen before the payload it publishes |
/// | n or less | forbidden | a record came twice: the consumer's release was lost, or the producer overwrote |
/// | n + 2 or more | forbidden | a record was lost or overtaken |
/// | nothing, n + 1 not published yet | allowed | empty |
/// | nothing although all were published and n < last | forbidden | the consumer never sees the cursor: test hangs, bounded by a deadline |
@Suite struct SPSCRingStressTests {
    struct Record: BitwiseCopyable {
        var number: UInt64
        /// A function of the number, so that a mix of two records shows.
        var check: UInt64
        var filler: (UInt64, UInt64) = (0, 0)

        static func check(_ number: UInt64) -> UInt64 { number &* 0x9E37_79B9_7F4A_7C15 ^ 0xABCD }
    }

    /// What the consumer saw.
    struct Seen: Equatable {
        var next = 0
        var torn = 0
        var doubled = 0
        var lost = 0
        var timedOut = 0
    }

    static let total = 5_000_000
    static let deadlineSeconds = 120

    @Test(arguments: [(capacity: 2, seed: UInt64(1)), (capacity: 64, seed: 2), (capacity: 1024, seed: 3)])
    func orderKeptNothingLostNothingDoubled(capacity: Int, seed: UInt64) {
        // The smallest ring hands over one or two records per switch of threads where there is one CPU.
        let total = capacity == 2 ? Self.total / 20 : Self.total
        let ring = SPSCRing<Record>(capacity: capacity, startCursor: .max - UInt64(total / 2))
        let shared = Shared(ring: ring, total: total, seed: seed)
        let producer = startThread(shared) { $0.produce() }
        let consumer = startThread(shared) { $0.consume() }
        pthread_join(producer, nil)
        pthread_join(consumer, nil)
        #expect(shared.seen == Seen(next: total))
        #expect(ring.count == 0)
        ring.deallocate()
    }

    /// The ring for both threads; `seen` is read after they have been joined.
    final class Shared: @unchecked Sendable {
        let ring: SPSCRing<Record>
        let total: Int
        let seed: UInt64
        var seen = Seen()

        init(ring: SPSCRing<Record>, total: Int, seed: UInt64) {
            self.ring = ring
            self.total = total
            self.seed = seed
        }

        /// Bursts of 1 … 48, singles and records filled in place, by seed.
        func produce() {
            var random = SplitMix64(seed: seed)
            let burst = UnsafeMutablePointer<Record>.allocate(capacity: 48)
            defer { burst.deallocate() }
            var next = 0
            let deadline = time(nil) + deadlineSeconds
            while next < total {
                var sent = 0
                switch random.next() % 4 {
                case 0:
                    sent = ring.push(record(next)) ? 1 : 0
                case 1:
                    if let slot = ring.claim() {
                        slot.initialize(to: record(next))
                        ring.publish()
                        sent = 1
                    }
                default:
                    let count = min(Int(random.next() % 48) + 1, total - next)
                    for index in 0..<count { burst[index] = record(next + index) }
                    sent = ring.push(from: burst, count: count)
                }
                next += sent
                if sent == 0 {
                    if time(nil) > deadline { return }
                    sched_yield()
                }
            }
        }

        func consume() {
            var random = SplitMix64(seed: ~seed)
            let burst = UnsafeMutablePointer<Record>.allocate(capacity: 48)
            defer { burst.deallocate() }
            let deadline = time(nil) + deadlineSeconds
            while seen.next < total {
                var received = 0
                switch random.next() % 4 {
                case 0:
                    if let record = ring.pop() {
                        judge(record)
                        received = 1
                    }
                case 1:
                    if let slot = ring.peek() {
                        judge(slot.pointee)
                        ring.release()
                        received = 1
                    }
                default:
                    received = ring.pop(into: burst, maximumCount: Int(random.next() % 48) + 1)
                    for index in 0..<received { judge(burst[index]) }
                }
                if received == 0 {
                    if time(nil) > deadline {
                        seen.timedOut = 1
                        return
                    }
                    sched_yield()
                }
            }
        }

        private func record(_ number: Int) -> Record {
            Record(number: UInt64(number), check: Record.check(UInt64(number)))
        }

        private func judge(_ record: Record) {
            if record.check != Record.check(record.number) { seen.torn += 1 }
            if record.number < UInt64(seen.next) { seen.doubled += 1 }
            if record.number > UInt64(seen.next) { seen.lost += 1 }
            seen.next += 1
        }
    }
}

/// A POSIX thread that runs `body` on the shared object.
private func startThread(
    _ shared: SPSCRingStressTests.Shared, _ body: @escaping @Sendable (SPSCRingStressTests.Shared) -> Void
) -> pthread_t {
    final class Start {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let start = Start { body(shared) }
    let code = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Start>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, Unmanaged.passRetained(start).toOpaque())
    precondition(code == 0)
    return thread
}

private let deadlineSeconds = SPSCRingStressTests.deadlineSeconds
