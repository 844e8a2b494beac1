import Foundation

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
