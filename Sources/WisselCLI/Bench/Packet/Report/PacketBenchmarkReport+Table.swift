import Foundation
import LoadClient

/// The figures as tables, of which both the terminal and the page are made.
extension PacketBenchmarkReport {
    /// What a person at a terminal reads.
    var table: String {
        let parts = tables.map { "\($0.title)\n\($0.table.text)" }
        let hostLines = host.lines.map { "  \($0.name): \($0.value)" }
        return
            (parts + [conditions.joined(separator: "\n"), "host\n" + hostLines.joined(separator: "\n")]
            + warnings.map { "warning: \($0)" }).joined(separator: "\n\n")
    }

    /// All tables that have rows, in the order of the tests.
    var tables: [(title: String, table: Table)] {
        [
            ("Forwarding beside dpdk-testpmd, millions of packets a second", forwardingTable),
            ("Where the cycles of a packet go", stageTable),
            ("RFC 2544 throughput", throughputTable), ("RFC 2544 latency", latencyTable),
            ("RFC 2544 frame loss rate", lossTable), ("RFC 2544 back-to-back frames", burstTable),
        ].filter { !$0.1.rows.isEmpty }
    }

    var forwardingTable: Table {
        let rows = cases.map { item in
            let ratio = Spread(item.ratios)
            return [
                item.mode.rawValue, item.device.description,
                item.frameBytes > 0 ? "\(item.frameBytes)" : "as they come",
                Self.middle(item.ours, scale: 1e-6, digits: 1), Self.middle(item.peers, scale: 1e-6, digits: 1),
                ratio.map { fixed($0.median, 2) } ?? "–",
                ratio.map { "\(fixed($0.least, 2)) … \(fixed($0.most, 2))" } ?? "–",
                ratio.map { fixed($0.upperQuartile - $0.lowerQuartile, 2) } ?? "–",
                Self.middle(item.ticksPerPacket, scale: 1, digits: 1), Self.polls(item.count),
            ]
        }
        return Table(
            head: [
                "mode", "device", "bytes", "Wissel", "testpmd", "ratio", "least … most", "IQR", "cycles/packet",
                "polls empty / full / part",
            ], rows: rows, wordColumns: 2)
    }

    private static func polls(_ count: ForwardingCount) -> String {
        let all = Double(max(1, count.polls.reduce(0, &+)))
        let full = Double(count.polls[ForwardingLoop.burst])
        let part = all - full - Double(count.emptyPolls)
        return [Double(count.emptyPolls), full, part].map { shortNumber($0 / all * 100) }.joined(separator: " / ")
            + " %"
    }

    var stageTable: Table {
        let rows = stages.flatMap { costs in
            costs.steps.map { step in
                [
                    step.depth.title, "\(costs.frameBytes)", fixed(step.cost, 1), fixed(step.end, 1),
                    "\(fixed(step.spread.least, 1)) … \(fixed(step.spread.most, 1))",
                ]
            }
        }
        return Table(
            head: ["step", "bytes", "cycles/packet", "up to here", "least … most"], rows: rows)
    }

    var throughputTable: Table {
        let rows = trials.compactMap { result -> [String]? in
            guard let throughput = result.throughput else { return nil }
            return [
                result.mode.rawValue, "\(result.frameBytes)", Self.edge(throughput.noDrop),
                Self.edge(throughput.partialDrop), percent(throughput.partialDropRatio),
                megapackets(throughput.highestOffered),
                "\(throughput.noDrop.trials + throughput.partialDrop.trials), \(result.repeatedTrials) again",
            ]
        }
        return Table(
            head: ["mode", "bytes", "NDR, no loss", "PDR", "with loss up to", "highest offered", "trials"], rows: rows
        )
    }

    private static func edge(_ search: RateSearch) -> String {
        (search.isAtLimit ? "≥ " : "") + megapackets(search.highest)
    }

    var latencyTable: Table {
        let rows = trials.flatMap { result in
            result.latency.map { latency in
                [
                    result.mode.rawValue, "\(result.frameBytes)", percent(latency.load),
                    megapackets(latency.trial.offeredRate),
                ]
                    + LatencySummary.percentiles.map { percentile in
                        latency.trial.latency.map { duration(nanoseconds: $0.summary[keyPath: percentile.nanoseconds]) }
                            ?? "–"
                    } + [grouped(latency.trial.lost)]
            }
        }
        return Table(
            head: [
                "mode", "bytes", "of NDR", "offered",
            ] + LatencySummary.percentiles.map(\.name) + ["frames lost"], rows: rows)
    }

    var lossTable: Table {
        let rows = trials.flatMap { result in
            result.lossRate.enumerated().map { index, trial in
                [
                    result.mode.rawValue, "\(result.frameBytes)",
                    "\(100 - 10 * index) %" + (trial.isOfferedInFull ? "" : ", behind"),
                    megapackets(trial.offeredRate), megapackets(trial.receivedRate), percent(trial.lossRatio),
                    grouped(trial.refused), grouped(trial.dropped),
                ]
            }
        }
        return Table(
            head: [
                "mode", "bytes", "of highest", "offered", "came back", "lost", "queue was full", "dropped by the loop",
            ], rows: rows)
    }

    var burstTable: Table {
        let rows = trials.compactMap { result -> [String]? in
            guard let burst = result.backToBack, let spread = Spread(burst.longest) else { return nil }
            return [
                result.mode.rawValue, "\(result.frameBytes)",
                (burst.isAtLimit ? "≥ " : "") + grouped(UInt64(spread.median)),
                "\(grouped(UInt64(spread.least))) … \(grouped(UInt64(spread.most)))", "\(burst.longest.count)",
            ]
        }
        return Table(
            head: ["mode", "bytes", "longest burst without loss", "least … most", "repetitions"], rows: rows)
    }

    private static func middle(_ values: [Double], scale: Double, digits: Int) -> String {
        Spread(values).map { fixed($0.median * scale, digits) } ?? "–"
    }
}
