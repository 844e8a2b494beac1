import Node
import Runtime

extension CorePlan {
    /// One line: what runs where, and how idle cores wait.
    var text: String {
        let rows = cores.map { core in
            "\(core.cpu.map { "CPU \($0)" } ?? "unpinned") \(core.stages.joined(separator: " + "))"
        }
        let waiting =
            switch idle {
            case .busy: "busy polling"
            case .yield: "yielding when idle"
            case .backoff: "sleeping briefly when idle"
            }
        return rows.joined(separator: "; ") + " (\(waiting))"
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

extension NodeConfiguration.Memory {
    /// What DPDK needs: a buffer is 2,048 bytes of data, 128 of headroom, 128 of header and 64 of bookkeeping, and 110
    /// MiB are DPDK's own tables.
    func megabytes(interfaces: Int) -> Int { (interfaces * buffers * 2_368 >> 20) + 110 }
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
