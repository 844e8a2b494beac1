import Foundation
import LoadClient
import Runtime
import Synchronization

/// Plays a tape at a set rate from a thread of its own, over an ordinary kernel socket.
final class FloodPlayer: Sendable {
    /// What was sent, once the thread has ended.
    struct Outcome: Sendable {
        var offered: UInt64 = 0
        var notTaken: UInt64 = 0
        var failure: String?
    }

    private let outcome = Mutex(Outcome())
    private let ended = DispatchSemaphore(value: 0)
    private let stopping = Atomic<Bool>(false)

    /// - Parameters:
    ///   - datagramsPerSecond: pace; datagrams leave in small groups, one per 200 µs, as feeds do.
    ///   - destination: group and port of the feed; `interface`: this machine's address towards the node.
    ///   - rounds: how often the tape is played.
    init(
        tape: FeedTape, datagramsPerSecond: Double, destination: SocketAddress, interface: String, clock: Clock,
        rounds: Int = 1
    ) {
        Thread { [self] in
            do {
                var sender = try DatagramSender(destination: destination, interfaceAddress: interface)
                try play(tape, rounds: rounds, rate: datagramsPerSecond, sender: &sender, clock: clock)
            } catch {
                outcome.withLock { $0.failure = "\(error)" }
            }
            ended.signal()
        }.start()
    }

    private func play(
        _ tape: FeedTape, rounds: Int, rate: Double, sender: inout DatagramSender, clock: Clock
    ) throws {
        let total = tape.count * rounds
        let start = clock.now()
        var next = 0
        var notTaken: UInt64 = 0
        while next < total, !stopping.load(ordering: .relaxed) {
            let due = min(total, Int(Double(clock.now() &- start) / 1e9 * rate))
            while next < due {
                // A full socket buffer means later, not never: every message of the tape is to be seen.
                var taken = try tape.withDatagram(next % tape.count) { try sender.send($0) }
                while !taken, !stopping.load(ordering: .relaxed) {
                    notTaken += 1
                    sched_yield()
                    taken = try tape.withDatagram(next % tape.count) { try sender.send($0) }
                }
                next += 1
            }
            usleep(200)
        }
        outcome.withLock {
            $0.offered = UInt64(next)
            $0.notTaken = notTaken
        }
    }

    /// Waits until the tape has been played, or until it is to stop.
    func finish(isStopRequested: () -> Bool = { false }) -> Outcome {
        while ended.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            if isStopRequested() { stopping.store(true, ordering: .relaxed) }
        }
        return outcome.withLock { $0 }
    }
}
