extension LoadReport {
    /// The report as lines of text for people, percentiles across.
    public func table() -> String {
        var lines: [String] = []
        func add(_ name: String, _ value: String) { lines.append(padded(name, 16) + value) }
        add(
            "sent",
            "\(sent.total) commands: \(sent.newOrders) new (\(sent.immediateOrders) immediate), "
                + "\(sent.cancels) cancel, \(sent.replaces) replace")
        add(
            "answered",
            "\(answers.acknowledged): \(answers.accepted) accepted, \(answers.cancelled) cancelled, "
                + "\(answers.replaced) replaced, \(answers.rejected) rejected, "
                + "\(answers.cancelRejected) too late or refused")
        add(
            "trades",
            "\(answers.trades) (\(answers.fills) fills, \(answers.filledLots) lots), \(liveOrders) orders left in book")
        for (name, reasons) in [
            ("rejected for", answers.rejectedByReason), ("refused for", answers.cancelRejectedByReason),
        ] where !reasons.isEmpty {
            add(name, reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }
        add(
            "link",
            "\(link.datagramsSent) datagrams out, \(link.datagramsReceived) in, \(link.datagramsNotTaken) not taken, "
                + "\(link.resends) resends, \(link.gaps) gaps, \(link.retransmitRequests) retransmit requests")
        for (name, faults) in [("faults out", link.sendFaults), ("faults in", link.receiveFaults)] {
            guard let faults else { continue }
            add(
                name, "\(faults.dropped) dropped, \(faults.duplicated) duplicated, \(faults.reordered) reordered")
        }
        add("rate", rateText)
        lines.append(
            padded("latency", 16)
                + LatencySummary.percentiles.map { padded($0.name, 11, right: true) }.joined())
        add("  round trip", row(roundTrip))
        add("  service time", row(serviceTime))
        add("book", "hash \(bookHash), commands \(streamHash)")
        if hasPassed {
            add("checks", "passed: every command answered once, quantities conserve")
        } else {
            add("checks", "FAILED: \(violationCount) violations")
            lines += violations.map { "  " + $0 }
            if violationCount > UInt64(violations.count) {
                lines.append("  … and \(violationCount - UInt64(violations.count)) more")
            }
        }
        return lines.joined(separator: "\n")
    }

    private var rateText: String {
        let achieved = "\(UInt64(pace.achievedPerSecond.rounded())) commands/s"
        if let asked = pace.askedPerSecond {
            return "\(achieved), asked \(UInt64(asked.rounded())) (open loop, at most "
                + "\(microseconds(pace.farthestBehindNanoseconds)) µs behind schedule)"
        }
        return "\(achieved) (closed loop, \(pace.windowCommands ?? 0) outstanding)"
    }

    private func row(_ summary: LatencySummary) -> String {
        LatencySummary.percentiles.map {
            padded(microseconds(summary[keyPath: $0.nanoseconds]), 8, right: true) + " µs"
        }
        .joined()
    }

    /// With one decimal.
    private func microseconds(_ nanoseconds: UInt64) -> String { "\(nanoseconds / 1_000).\(nanoseconds % 1_000 / 100)" }

    private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return right ? blanks + text : text + blanks
    }
}
