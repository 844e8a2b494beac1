import Foundation
import NetStack
import Node
import Wire

/// Says once per conflict, and at most every few seconds, that another host claims an address of the node.
struct ConflictWatch {
    private var seen: UInt64 = 0
    private var quietUntil = Date.distantPast

    /// The line to print, or nil when there is nothing new to say.
    mutating func line(_ statistics: NodeStatistics, now: Date = Date()) -> String? {
        let conflicts = statistics[ControlEvent.addressConflicts]
        guard conflicts > seen, now >= quietUntil,
            let network = statistics.networks.first(where: { $0[.addressConflicts] > 0 })
        else { return nil }
        seen = conflicts
        quietUntil = now.addingTimeInterval(10)
        let outcome =
            network[.addressYielded] > 0
            ? "it had it first, so ARP for it is no longer answered; free the address, it is tried again every minute"
            : "it is defended and kept; find that host and give it another address"
        return "warning: \(MACAddress(rawValue: network[.addressConflictMAC])) claims the node's IPv4 address: "
            + outcome
    }
}
