import Foundation

/// The page that is sent to a colleague.
extension PacketBenchmarkReport {
    func html() -> String {
        var sections: [ReportPage.Section] = []
        if !cases.isEmpty { sections.append(forwardingSection) }
        if !stages.isEmpty { sections.append(stageSection) }
        sections += trialSections
        sections += [
            .method(Self.method.joined(separator: " "), conditions: conditions), .machine(host),
            .all(figures, after: histogramTables),
        ]
        return ReportPage(
            title: cases.isEmpty ? "Packet benchmark: Wissel" : "Packet benchmark: Wissel beside dpdk-testpmd",
            headlines: headlines, warnings: warnings, sections: sections
        ).html()
    }

    /// The ratios the project is held to, or all where none of them was measured; and what passes without loss.
    private var headlines: [(name: String, value: String)] {
        let held = ["io", "macswap", "macswap_memif", "pipeline"]
        let ofHeld = cases.filter { held.contains(name($0)) }
        var lines = (ofHeld.isEmpty ? cases : ofHeld).compactMap { item -> (name: String, value: String)? in
            guard let ratio = Spread(item.ratios) else { return nil }
            let peer = item.mode == .pipeline ? "testpmd's macswap" : "dpdk-testpmd"
            return ("\(item.name), of \(peer)", String(format: "%.2f ×", ratio.median))
        }
        for result in trials where result.frameBytes == plainFrameBytes {
            if let throughput = result.throughput {
                lines.append(("\(result.name), without loss", megapackets(throughput.noDrop.highest)))
            }
        }
        return lines
    }

    private var forwardingSection: ReportPage.Section {
        let devices = cases.map(\.device).reduce(into: [BenchDevice]()) { if !$0.contains($1) { $0.append($1) } }
        let figures = devices.map { device in
            let ofDevice = cases.filter { $0.device == device }
            let severalSizes = Set(ofDevice.map(\.frameBytes)).count > 1
            let driver = ofDevice.first?.burstMode.map { "; \($0)" } ?? ""
            return (
                svg: severalSizes ? Self.rateBySize(device, ofDevice).svg() : Self.rateBars(device, ofDevice).svg(),
                caption: "\(device)\(driver)\(device.waits ? ", by busy cycles" : ""). Median; the bar is least … most."
            )
        }
        return ReportPage.Section(
            title: "Forwarding beside dpdk-testpmd",
            text: [
                "Packets a second through one thread, both directions together. Solid is Wissel; outlined or dashed is "
                    + "dpdk-testpmd on the same devices in the same run (for pipeline: its macswap)."
            ], figures: figures, tables: [forwardingTable])
    }

    /// Ours solid and testpmd's dashed, a colour per mode.
    private static func rateBySize(_ device: BenchDevice, _ cases: [ForwardingCase]) -> SVGPlot {
        let sizes = Set(cases.map(\.frameBytes)).sorted().map(Double.init)
        var series: [SVGPlot.Series] = []
        for (colour, mode) in ForwardingMode.allCases.enumerated() {
            let ofMode = cases.filter { $0.mode == mode }
            guard !ofMode.isEmpty else { continue }
            func points(_ values: KeyPath<ForwardingCase, [Double]>) -> [SVGPlot.Point] {
                ofMode.compactMap { item in
                    Spread(item[keyPath: values]).map {
                        SVGPlot.Point(
                            x: Double(item.frameBytes), y: $0.median / 1e6, low: $0.least / 1e6, high: $0.most / 1e6)
                    }
                }
            }
            series.append(SVGPlot.Series("\(mode)", colour: colour, points: points(\.ours)))
            // testpmd's macswap stands there already when both are measured.
            let peers = points(\.peers)
            guard !peers.isEmpty, mode != .pipeline || !cases.contains(where: { $0.mode == .macswap }) else { continue }
            series.append(
                SVGPlot.Series("\(mode.peer), testpmd", label: "testpmd", colour: colour, isDashed: true, points: peers)
            )
        }
        return SVGPlot(
            "Rate by frame size on \(device)",
            x: PlotAxis("frame, bytes", .logarithmic, ticks: sizes) { "\(Int($0))" },
            y: PlotAxis("million packets/s"), series: series)
    }

    private static func rateBars(_ device: BenchDevice, _ cases: [ForwardingCase]) -> SVGBars {
        var rows: [SVGBars.Row] = []
        for item in cases {
            let colour = ForwardingMode.allCases.firstIndex(of: item.mode) ?? 0
            for (name, values, isPale) in [
                ("\(item.mode), Wissel", item.ours, false), ("\(item.mode.peer), testpmd", item.peers, true),
            ] {
                guard let spread = Spread(values) else { continue }
                rows.append(
                    SVGBars.Row(
                        name: name, end: spread.median / 1e6, low: spread.least / 1e6, high: spread.most / 1e6,
                        text: shortNumber(spread.median / 1e6), colour: colour, isPale: isPale, beginsGroup: !isPale))
            }
        }
        return SVGBars("Rates on \(device)", axis: PlotAxis("million packets/s"), rows: rows)
    }

    private var stageSection: ReportPage.Section {
        let figures = stages.map { costs in
            let rows = costs.steps.map { step in
                SVGBars.Row(
                    name: step.depth.title, start: step.start, end: step.end,
                    text: (step.cost >= 0 ? "+" : "−") + String(format: "%.1f", abs(step.cost)),
                    colour: step.depth == .io ? 5 : step.depth == .node ? 1 : 0)
            }
            return (
                svg: SVGBars("Stage costs", axis: PlotAxis("cycles per packet"), rows: rows).svg(),
                caption: "Frames of \(costs.frameBytes) bytes on net_null; each bar begins where the one above ends."
            )
        }
        return ReportPage.Section(
            title: "Where the cycles of a packet go",
            text: [
                "Six loops in turn, each doing what the one above does and one thing more; a bar is the difference of "
                    + "medians. A bar that goes back is smaller than the noise."
            ], figures: figures, tables: [stageTable])
    }

    private var histogramTables: [Table] {
        let histograms = burstHistograms.sorted { $0.key < $1.key }.map { name, polls in
            [
                name,
                polls.enumerated().filter { $0.element > 0 }.map { "\($0.offset): \($0.element)" }.joined(
                    separator: ", "),
            ]
        }
        if histograms.isEmpty { return [] }
        return [
            Table(
                head: ["burst histogram", "packets brought by a poll: number of polls"], rows: histograms,
                wordColumns: 2)
        ]
    }
}
