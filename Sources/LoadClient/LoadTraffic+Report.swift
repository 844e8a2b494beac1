import Orders

extension LoadTraffic {
    /// Judges the run, after nothing more will come.
    func report(of connection: borrowing LoadConnection) -> LoadReport {
        let verdict = model.verify(final: true)
        let statistics = model.statistics
        return LoadReport(
            session: options.session,
            sent: LoadReport.Sent(
                total: statistics.commandsSent, newOrders: statistics.newOrdersSent,
                immediateOrders: statistics.immediateOrdersSent, cancels: statistics.cancelsSent,
                replaces: statistics.replacesSent),
            answers: answers, link: link(of: connection), pace: pace, roundTrip: roundTrip.summary,
            serviceTime: serviceTime.summary, liveOrders: model.liveOrderCount,
            streamHash: hexadecimal(flow.streamHash.value), bookHash: hexadecimal(model.bookHash),
            violationCount: verdict.violationCount, violations: verdict.lines)
    }

    private var answers: LoadReport.Answers {
        let statistics = model.statistics
        var (rejected, cancelRejected) = ([String: UInt64](), [String: UInt64]())
        for reason in RejectReason.allCases {
            if statistics.rejected(reason) > 0 { rejected["\(reason)"] = statistics.rejected(reason) }
            if statistics.cancelRejected(reason) > 0 { cancelRejected["\(reason)"] = statistics.cancelRejected(reason) }
        }
        return LoadReport.Answers(
            acknowledged: statistics.commandsAnswered, accepted: statistics.accepted, replaced: statistics.replaced,
            cancelled: statistics.cancelled, rejected: statistics.rejected, cancelRejected: statistics.cancelRejected,
            rejectedByReason: rejected, cancelRejectedByReason: cancelRejected,
            endedUnasked: statistics.cancelledUnasked, trades: model.tradeCount, fills: statistics.fills,
            filledLots: statistics.filledLots)
    }

    private func link(of connection: borrowing LoadConnection) -> LoadReport.Link {
        let counters = connection.session.counters
        var link = LoadReport.Link()
        link.datagramsSent = connection.link.datagramsSent
        link.datagramsReceived = connection.link.datagramsReceived
        link.datagramsNotTaken = connection.link.datagramsNotTaken
        link.resends = counters.resends
        link.retransmitRequests = counters.retransmitRequests
        link.gaps = counters.gaps
        link.sendFaults = options.sendFaults == .none ? nil : connection.link.sendFaults
        link.receiveFaults = options.receiveFaults == .none ? nil : connection.link.receiveFaults
        return link
    }

    private var pace: LoadReport.Pace {
        let achieved = Double(flow.count) * 1e9 / Double(max(1, sendingNanoseconds))
        var pace = LoadReport.Pace(
            isOpenLoop: false, achievedPerSecond: achieved, sendingNanoseconds: sendingNanoseconds,
            drainingNanoseconds: drainingNanoseconds, farthestBehindNanoseconds: 0)
        switch options.pace {
        case .openLoop(let rate):
            pace.isOpenLoop = true
            pace.askedPerSecond = rate
            pace.farthestBehindNanoseconds = farthestBehindNanoseconds
        case .closedLoop(let window): pace.windowCommands = window
        }
        return pace
    }

    /// Sixteen digits.
    private func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
