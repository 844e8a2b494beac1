import CPlatform
import Ethdev
import Foundation
import Runtime

/// A thread on one CPU that DPDK knows, and what its work came to.
final class PinnedThread<Value>: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var outcome: Result<Value, any Error>?

    init(cpu: Int, _ body: @escaping @Sendable () throws -> Value) {
        Thread { [self] in
            outcome = Result {
                let code = cplatform_pin_self(Int32(cpu))
                guard code == 0 else {
                    throw PinnedThreadError(description: "CPU \(cpu) was refused: \(errorText(code))")
                }
                try EAL.registerThread()
                defer { EAL.unregisterThread() }
                return try body()
            }
            done.signal()
        }.start()
    }

    /// Waits for the end of the thread.
    func result() throws -> Value {
        done.wait()
        guard let outcome else { throw PinnedThreadError(description: "a thread left nothing behind") }
        return try outcome.get()
    }
}

struct PinnedThreadError: Error, CustomStringConvertible { var description: String }

/// Messages from one thread to another that waits for them.
final class MessageQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var messages: [String] = []
    private var isFinished = false

    func post(_ message: String) {
        condition.withLock {
            messages.append(message)
            condition.signal()
        }
    }

    func finish() {
        condition.withLock {
            isFinished = true
            condition.signal()
        }
    }

    /// The next message; nil when all have been read and no more will come.
    func next() -> String? {
        condition.withLock {
            while messages.isEmpty, !isFinished { condition.wait() }
            return messages.isEmpty ? nil : messages.removeFirst()
        }
    }
}
