import Ethdev
import Foundation
import NetStack
import Node
import Wire

extension LossReport {
    /// The sum for people: from the ports to what came of the packets, each line a part of the one above.
    var text: String {
        var lines: [String] = []
        func add(_ name: String, _ value: UInt64, _ note: String = "") {
            let number = grouped(value)
            let room = String(repeating: " ", count: max(1, 46 - name.count - number.count))
            lines.append(name + room + number + (note.isEmpty ? "" : "  " + note))
        }
        add("packets in", packetsIn)
        for port in ports {
            for (name, value) in [("imissed", port.missed), ("rx_nombuf", port.noBuffer), ("ierrors", port.errors)]
            where value > 0 { add("  − \(name) of \(port.name)", value) }
        }
        if notTaken != 0 { add("  − left in the ports' queues", UInt64(bitPattern: notTaken)) }
        for drop in ledger.dropped { add("  − \(drop.reason.description)", drop.count) }
        add("packets out", packetsOut)
        add("    order datagrams", ledger.orders)
        add("    market-data datagrams", ledger.marketData)
        add("    answered in place (ARP, ICMP)", ledger.answered)
        add("    noted (ARP)", ledger.noted)
        add("frames made", ledger.built &+ ledger.answered)
        add("frames sent", ledger.sent, ledger.discarded > 0 ? "\(grouped(ledger.discarded)) left unsent" : "")
        for drop in ledger.messagesDropped { add("  messages: \(drop.reason.description)", drop.count) }
        lines.append(verdict)
        return lines.joined(separator: "\n")
    }

    private var verdict: String {
        let sum = "\(grouped(packetsIn)) in − \(grouped(packetsOut)) out = \(grouped(drops)) dropped"
        if isExact { return "exact: \(sum); every buffer came back" }
        var parts = ["NOT EXACT: \(sum)"]
        if ledger.unaccountedIn != 0 { parts.append("\(ledger.unaccountedIn) received frames in no line") }
        if ledger.unaccountedOut != 0 { parts.append("\(ledger.unaccountedOut) made frames in no line") }
        if notSent != 0 { parts.append("\(notSent) frames taken and not sent by the drivers") }
        for port in ports where port.buffersHeld ?? 0 != 0 {
            parts.append("\(port.buffersHeld ?? 0) buffers of \(port.name) did not come back")
        }
        return parts.joined(separator: "; ")
    }

    /// For JSON.
    var object: [String: Any] {
        func counts(_ drops: [(reason: DropReason, count: UInt64)]) -> [String: UInt64] {
            Dictionary(uniqueKeysWithValues: drops.map { ($0.reason.description, $0.count) })
        }
        return [
            "isExact": isExact, "packetsIn": packetsIn, "packetsOut": packetsOut, "drops": drops,
            "notTaken": notTaken, "notSent": notSent, "droppedByReason": counts(ledger.dropped),
            "messagesDroppedByReason": counts(ledger.messagesDropped),
            "handedOn": [
                "orders": ledger.orders, "marketData": ledger.marketData, "answered": ledger.answered,
                "noted": ledger.noted,
            ],
            "framesMade": ledger.built &+ ledger.answered, "framesSent": ledger.sent,
            "framesDiscarded": ledger.discarded,
            "ports": ports.map { port -> [String: Any] in
                [
                    "name": port.name, "driver": port.driver, "received": port.received, "missed": port.missed,
                    "noBuffer": port.noBuffer, "errors": port.errors, "sent": port.sent,
                    "sendErrors": port.sendErrors, "buffersHeld": port.buffersHeld ?? 0,
                ]
            },
        ]
    }
}

extension EthdevPort {
    /// The port's counters as the loss report wants them.
    var lossReportRow: LossReport.Port {
        let counted = statistics() ?? PortStatistics()
        return LossReport.Port(
            name: "\(specification)", driver: driverName, received: counted.receivedPackets,
            missed: counted.missedPackets, noBuffer: counted.bufferShortages, errors: counted.receiveErrors,
            sent: counted.transmittedPackets, sendErrors: counted.transmitErrors)
    }
}

extension CaptureServer.Interface {
    init(_ port: EthdevPort, _ settings: NodeConfiguration.Interface) {
        self.port = port
        description = CaptureInterface(name: "\(port.specification)")
        description.description = port.driverName
        description.macAddress = port.macAddress
        description.address = settings.address.rawValue
        description.netmask = settings.prefixLength == 0 ? 0 : UInt32.max << UInt32(32 - settings.prefixLength)
        description.bitsPerSecond = port.speedBitsPerSecond
    }
}
