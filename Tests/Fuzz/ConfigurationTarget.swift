import Node
import Orders

/// A node's configuration in YAML.
final class ConfigurationTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        let example = NodeConfiguration.example
        // Without its comments it is half as long, and the fuzzer spends its changes on what means something.
        let bare = example.split(separator: "\n").compactMap { line in
            let text = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
            return text.allSatisfy(\.isWhitespace) ? nil : String(text)
        }.joined(separator: "\n")
        let parts = [
            "node: {name: a, priority: arrival}", "interfaces: [{device: tap:a, address: 10.0.0.1/24}]", "- &a [*a]",
            "{? [a] : b, \"\": c}",
        ]
        return ([bare] + parts).map { Array($0.utf8) }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input.prefix(8_192), as: UTF8.self)
        do {
            let configuration = try NodeConfiguration(yaml: text, file: "fuzz")
            hold(!configuration.interfaces.isEmpty && !configuration.instruments.isEmpty, "an empty node was accepted")
            let sessions = configuration.orderEntry.participants.flatMap(\.sessions)
            hold(Set(sessions).count == sessions.count, "a session of two participants was accepted")
            hold(sessions.allSatisfy { (1...UInt32(Limits.maximumSessions)).contains($0) }, "sessions \(sessions)")
            hold(configuration.feeds.count <= Limits.maximumFeeds, "\(configuration.feeds.count) feeds were accepted")
            hold(configuration.orderEntry.port > 0, "port 0 was accepted")
            for instrument in configuration.instruments.map(\.specification) {
                let (low, high) = (instrument.minimumPrice, instrument.maximumPrice)
                hold(low <= high && (low...high).contains(instrument.referencePrice), "a band of \(low)…\(high)")
                hold(low >= -InstrumentSpecification.priceBound, "a lowest price of \(low)")
                hold(high <= InstrumentSpecification.priceBound, "a highest price of \(high)")
                let steps = instrument.tickSteps
                hold(steps.map(\.fromPrice) == steps.map(\.fromPrice).sorted(), "ticks out of order")
                let shares = instrument.marketMakers.reduce(0) { $0 + Int($1.percent) }
                hold(shares <= 100, "\(shares) percent to market makers")
            }
        } catch {
            hold(!error.issues.isEmpty, "refused without an issue")
            for issue in error.issues {
                // A key may well be an empty text; then it is unknown.
                let isNamed = !issue.key.isEmpty || issue.found == "an unknown key"
                hold(isNamed && !issue.expected.isEmpty && !issue.write.isEmpty, "unclear: \(issue)")
                let lines = 1 + text.utf8.count
                hold((0...lines).contains(issue.line), "line \(issue.line) of a text of at most \(lines)")
            }
        }
    }
}
