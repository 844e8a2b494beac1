/// The table of the phases, and the page around it.
extension PriorityBenchmarkReport {
    private var phaseTable: Table {
        let rows = phases.map { item in
            let isFlood = item.phase.background == .marketData
            let rate = Double(item.backgroundOffered) * 1e9 / Double(max(item.nanoseconds, 1))
            let taken = Double(item.taken) / Double(max(item.backgroundOffered, 1))
            return [item.phase.title, grouped(item.commands), grouped(item.lost), grouped(item.resends)]
                + [item.p50, item.p99, item.p999, item.p9999].map { duration(nanoseconds: UInt64($0)) }
                + [
                    item.backgroundOffered == 0 ? "–" : grouped(Int(rate)),
                    isFlood ? "\(Int((100 * taken).rounded())) %" : "–",
                ]
        }
        return Table(
            head: [
                "beside the orders", "commands", "lost", "resent", "p50", "p99", "p99.9", "p99.99", "background/s",
                "of it taken",
            ], rows: rows)
    }

    private var capacityText: String {
        "the node can take \(grouped(Int(capacity))) market-data packets/s on these CPUs"
    }

    var table: String {
        ([phaseTable.text, capacityText] + conditions + warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    func html() -> String {
        ReportPage(
            title: "Priority benchmark: what a flood costs an order", headlines: headlines, warnings: warnings,
            sections: [latencySection, .method(Self.method, conditions: conditions), .machine(host), .all(figures)]
        ).html()
    }

    /// How it was measured, whatever the options.
    private static let method =
        "The node is whole, from the network stage to the journal; client and flood are one thread on another CPU. The "
        + "capacity is the highest rate of market data of which the node works through 99 %. p50, p99 and p99.9 of the "
        + "table are medians of the rounds; p99.99 and the curves are of all rounds together. Lost are commands that "
        + "reached no session; the client's session sends them again, and their time counts."

    private var headlines: [(name: String, value: String)] {
        let unloaded = phases.first { $0.phase == .unloaded }?.p999 ?? 0
        let beside = phases.filter { $0.phase != .unloaded }
        let losses = beside.map { ("of \(grouped($0.commands)) orders lost: \($0.phase.title)", grouped($0.lost)) }
        let ratios = beside.filter { $0.phase.isStrict && unloaded > 0 }.map {
            ("of the unloaded p99.9: \($0.phase.title)", shortNumber($0.p999 / unloaded) + " ×")
        }
        return losses + ratios + [("market data the node can take", megapackets(capacity))]
    }

    private var latencySection: ReportPage.Section {
        let runs = phases.map { item in
            let colour =
                switch item.phase.background {
                case nil: 5
                case .marketData: 0
                case .attack: 1
                }
            return (
                name: item.phase.title, colour: colour, isDashed: !item.phase.isStrict, latency: item.latencies
            )
        }
        return ReportPage.Section(
            title: "Order latency, alone and beside a flood",
            text: [
                "From the time an order was due to its report. The flood is market data, the attack spoofed sources, "
                    + "fragments, amplification and wrong checksums; with priority off the node works through everything "
                    + "in the order in which it came."
            ],
            figures: [
                (
                    svg: SVGPlot.latencies("Order latency by percentile", runs).svg(),
                    caption: "Solid: priority on. Dashed: priority off. All rounds of a phase together."
                )
            ], tables: [phaseTable])
    }
}

extension PriorityBenchmark.Phase {
    /// What goes on beside the orders, for people.
    var title: String {
        switch self {
        case .unloaded: "orders alone"
        case .marketData: "flood"
        case .marketDataWithoutPriority: "flood, priority off"
        case .attack: "attack"
        case .attackWithoutPriority: "attack, priority off"
        }
    }

    /// In the names of the figures.
    var key: String {
        switch self {
        case .unloaded: "unloaded"
        case .marketData: "flood"
        case .marketDataWithoutPriority: "flood_priority_off"
        case .attack: "attack"
        case .attackWithoutPriority: "attack_priority_off"
        }
    }
}
