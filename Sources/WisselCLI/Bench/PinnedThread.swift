import CPlatform
import Ethdev
import Foundation
import Runtime

/// A thread of its own on one CPU, known to DPDK where it touches packets, for the length of one measurement.
final class PinnedThread<Value: Sendable>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var outcome: Result<Value, any Error>?

    init(cpu: Int, isKnownToDPDK: Bool = true, _ body: @escaping @Sendable () throws -> Value) {
        let thread = Thread { [self] in
            outcome = Result {
                let code = cplatform_pin_self(Int32(cpu))
                guard code == 0 else {
                    throw PacketBenchmark.Failure(
                        description: "CPU \(cpu) was refused: \(errorText(code)); allow it to this process with taskset"
                    )
                }
                if isKnownToDPDK { try EAL.registerThread() }
                defer { if isKnownToDPDK { EAL.unregisterThread() } }
                return try body()
            }
            done.signal()
        }
        thread.start()
    }

    /// Waits for the end. Once.
    func result() throws -> Value {
        done.wait()
        guard let outcome else {
            throw PacketBenchmark.Failure(description: "the measuring thread left nothing behind")
        }
        return try outcome.get()
    }
}
