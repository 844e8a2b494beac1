import Ethdev
import Node
import Runtime

extension CorePlan {
    /// One line: what runs where, and how idle cores wait.
    var text: String {
        let rows = cores.map { core in
            "\(core.cpu.map { "CPU \($0)" } ?? "unpinned") \(core.stages.joined(separator: " + "))"
                + (core.idle.map { " (\($0.text))" } ?? "")
        }
        return rows.joined(separator: "; ") + " (\(idle.text))"
    }
}

extension IdleStrategy {
    fileprivate var text: String {
        switch self {
        case .busy: "busy polling"
        case .yield: "yielding when idle"
        case .backoff: "sleeping briefly when idle"
        }
    }
}

extension ClockStatus {
    /// What the clock is and how far it may be off.
    var text: String {
        "\(sourceText), ± \(errorBoundNanoseconds) ns of the system's and \(driftBoundPartsPerBillion) ns per second"
    }

    var sourceText: String { source == .timeStampCounter ? "time-stamp counter" : "kernel clock" }
}

extension NodeConfiguration {
    /// One line for people.
    var summary: String {
        "\(interfaces.count) interface(s), \(orderEntry.participants.count) participant(s), \(feeds.count) feed(s), "
            + "\(instruments.count) instrument(s)"
    }
}

extension ReplayResult {
    /// One line for people.
    var summary: String {
        "\(grouped(records)) commands up to sequence \(grouped(lastSequence)), \(grouped(liveOrders)) live orders, "
            + "in \(duration(nanoseconds: nanoseconds))" + (truncatedTail.map { "; \($0)" } ?? "")
    }

    func text() -> String {
        """
        replayed  \(grouped(records)) commands in \(grouped(blocks)) blocks, \(grouped(UInt64(recordsPerSecond)))/s
        checked   \(grouped(checkpoints)) checkpoints, all equal
        state     \(hexadecimal(stateHash)) at sequence \(grouped(lastSequence)), \(grouped(liveOrders)) live orders
        tail      \(truncatedTail ?? "whole")
        """
    }

    func json() -> String {
        """
        {
          "records": \(records), "blocks": \(blocks), "checkpoints": \(checkpoints), "lastSequence": \(lastSequence),
          "liveOrders": \(liveOrders), "nanoseconds": \(nanoseconds), "recordsPerSecond": \(UInt64(recordsPerSecond)),
          "stateHash": "\(hexadecimal(stateHash))", "tailIsWhole": \(truncatedTail == nil)
        }
        """
    }
}
