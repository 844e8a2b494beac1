import Foundation
import NetStack
import Node
import Runtime

extension NodeStatistics {
    /// The statistics as lines of text for people.
    func table(ports: [PortReport]) -> String {
        var rows = ports.map { ($0.device, $0.text) }
        for (index, network) in networks.enumerated() {
            rows.append(
                (
                    "network\(index)",
                    "\(grouped(network[.framesReceived])) frames in, \(grouped(network[.framesSent])) out; "
                        + "\(grouped(network[.orderDatagrams])) order, \(grouped(network[.controlFrames])) control, "
                        + "\(grouped(network[.marketDataDatagrams])) market data"
                ))
            rows.append(("link\(index)", linkText(network)))
        }
        rows.append(
            (
                "engine",
                "\(grouped(self[.commands])) commands, \(grouped(self[.reports])) reports, "
                    + "\(grouped(self[.trades])) trades, \(grouped(self[.resends])) resends, "
                    + "\(grouped(self[.refusedByJournal])) refused by the journal"
            ))
        for (number, shard) in shards.enumerated() where shards.count > 1 {
            rows.append(
                (
                    "shard\(number)",
                    "\(grouped(shard[.commands])) commands, \(grouped(shard[.reports])) reports, "
                        + "\(grouped(shard[.ringFull])) times its ring was full"
                ))
        }
        for feed in feeds {
            rows.append(
                (
                    feed.name,
                    "\(grouped(feed.packets)) packets, \(grouped(feed.messages)) messages, \(grouped(feed.gaps)) gaps, "
                        + "\(grouped(feed.missing)) missing, \(grouped(feed.malformed)) malformed"
                ))
        }
        rows.append(
            (
                "journal",
                "\(grouped(journalRecords)) records, \(grouped(journalBytes)) bytes, durable up to "
                    + "\(grouped(durableSequence))" + (journalIsAccepting ? "" : ", NOT ACCEPTING")
            ))
        let reasons = dropsByReason.map { "\($0.reason.description) \(grouped($0.count))" }.joined(separator: ", ")
        rows.append(("drops", dropped == 0 ? "none" : reasons))
        let talkers = topTalkers.prefix(5).map {
            "\($0.source) \(grouped($0.packets))"
                + ($0.droppedPackets > 0 ? " (\(grouped($0.droppedPackets)) dropped)" : "")
        }
        let most = talkers.joined(separator: ", ")
        rows.append(("talkers", talkers.isEmpty ? "none" : "packets, from 1 sample in 64: \(most)"))
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { $0.0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.1 }.joined(
            separator: "\n")
    }

    /// What was done for one link, in a line.
    private func linkText(_ network: Network) -> String {
        let conflicts = network[.addressConflicts]
        let groups = network[.igmpVersionTwo] > 0 ? "version 2 reports" : "reports"
        return "\(grouped(network[.arpRequestAnswered])) ARP, \(grouped(network[.echoAnswered])) echo answered; "
            + "\(grouped(network[.icmpErrorsSent])) ICMP errors out, \(grouped(network[.icmpErrorsWithheld])) withheld, "
            + "\(grouped(network[.portUnreachableReceived] &+ network[.fragmentationNeededReceived])) in; "
            + "\(grouped(network[.igmpQueriesReceived])) IGMP queries, \(grouped(network[.igmpReportsSent])) \(groups)"
            + (conflicts == 0 ? "" : "; \(grouped(conflicts)) ADDRESS CONFLICTS")
    }

    /// The statistics for machines; keys in lower camel case, units in their names.
    func json(ports: [PortReport], loss: LossReport, clock: ClockStatus) throws -> String {
        var object: [String: Any] = [
            "framesReceived": self[.framesReceived], "framesSent": self[.framesSent],
            "orderDatagrams": self[.orderDatagrams], "controlFrames": self[.controlFrames],
            "marketDataDatagrams": self[.marketDataDatagrams], "commands": self[.commands], "reports": self[.reports],
            "trades": self[.trades], "resends": self[.resends], "journalRecords": journalRecords,
            "journalBytes": journalBytes, "durableSequence": durableSequence,
        ]
        object["links"] = networks.map { network in
            Dictionary(uniqueKeysWithValues: ControlEvent.allCases.map { ("\($0)", network[$0]) })
        }
        object["drops"] = Dictionary(uniqueKeysWithValues: dropsByReason.map { ("\($0.reason)", $0.count) })
        object["ports"] = ports.map(\.json)
        object["feeds"] = feeds.map { feed -> [String: Any] in
            [
                "name": feed.name, "packets": feed.packets, "messages": feed.messages, "gaps": feed.gaps,
                "missing": feed.missing, "duplicates": feed.duplicates, "malformed": feed.malformed,
            ]
        }
        object["topTalkers"] = topTalkers.map { talker -> [String: Any] in
            [
                "source": "\(talker.source)", "packets": talker.packets, "overestimate": talker.overestimate,
                "bytes": talker.bytes, "droppedPackets": talker.droppedPackets,
            ]
        }
        object["grantedSources"] = networks.map { $0[.grantedSources] }.max() ?? 0
        object["loss"] = loss.object
        object["clock"] = clock.object
        let data = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }
}
