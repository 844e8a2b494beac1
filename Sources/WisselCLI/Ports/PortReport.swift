import Ethdev

/// What happened on a port since it was opened, as its driver and the control thread counted it.
struct PortReport {
    var device: String
    var isUp: Bool
    var linkLosses: UInt64
    var linkReturns: UInt64
    var restarts: UInt64
    var failedRestarts: UInt64
    /// nil where the driver keeps none.
    var statistics: PortStatistics?

    /// One line for people.
    var text: String {
        var parts = [isUp ? "link up" : "link DOWN"]
        if linkLosses > 0 { parts.append("lost \(grouped(linkLosses))×, back \(grouped(linkReturns))×") }
        if restarts > 0 { parts.append("restarted \(grouped(restarts))×") }
        if failedRestarts > 0 { parts.append("\(grouped(failedRestarts)) restarts failed") }
        guard let statistics else { return (parts + ["the driver counts nothing"]).joined(separator: ", ") }
        parts.append(
            "\(grouped(statistics.receivedPackets)) frames in, \(grouped(statistics.transmittedPackets)) out")
        let losses: [(UInt64, String)] = [
            (statistics.missedPackets, "missed"), (statistics.receiveErrors, "broken"),
            (statistics.transmitErrors, "not sent"), (statistics.bufferShortages, "without buffer"),
        ]
        let lost = losses.filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        parts.append(lost.isEmpty ? "none lost" : lost.joined(separator: ", "))
        return parts.joined(separator: ", ")
    }

    /// For machines; keys in lower camel case.
    var json: [String: Any] {
        var object: [String: Any] = [
            "device": device, "isUp": isUp, "linkLosses": linkLosses, "linkReturns": linkReturns,
            "restarts": restarts, "failedRestarts": failedRestarts,
        ]
        if let statistics {
            object["receivedPackets"] = statistics.receivedPackets
            object["transmittedPackets"] = statistics.transmittedPackets
            object["missedPackets"] = statistics.missedPackets
            object["receiveErrors"] = statistics.receiveErrors
            object["transmitErrors"] = statistics.transmitErrors
            object["bufferShortages"] = statistics.bufferShortages
        }
        return object
    }
}
