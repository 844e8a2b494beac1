/// The page's sections on the tests of RFC 2544.
extension PacketBenchmarkReport {
    var trialSections: [ReportPage.Section] {
        [throughputSection, latencySection, lossSection, burstSection].compactMap(\.self)
    }

    private var throughputSection: ReportPage.Section? {
        guard !throughputTable.rows.isEmpty else { return nil }
        var rows: [SVGBars.Row] = []
        for result in trials {
            guard let throughput = result.throughput else { continue }
            let colour = Self.colour(result.mode)
            for (name, search, isPale) in [
                ("NDR", throughput.noDrop, false), ("PDR", throughput.partialDrop, true),
            ] {
                rows.append(
                    SVGBars.Row(
                        name: "\(result.name), \(name)", end: search.highest / 1e6,
                        text: (search.isAtLimit ? "≥ " : "") + shortNumber(search.highest / 1e6), colour: colour,
                        isPale: isPale, beginsGroup: !isPale))
            }
        }
        return ReportPage.Section(
            title: "Throughput (RFC 2544 §26.1)",
            text: [
                "The highest rate at which every frame came back (NDR), and at which at most the given share was lost "
                    + "(PDR), one way through one loop, found by halving. The RFC asks for trials of 60 s; the length "
                    + "used stands under “How it was measured”."
            ],
            figures: [
                (
                    svg: SVGBars("Throughput", axis: PlotAxis("million frames/s"), rows: rows).svg(),
                    caption: "Solid: no loss. Outlined: with the partial drop ratio."
                )
            ], tables: [throughputTable])
    }

    private var latencySection: ReportPage.Section? {
        guard !latencyTable.rows.isEmpty else { return nil }
        // The shortest and the longest frames; those between are in the table.
        let sizes = trials.map(\.frameBytes)
        let shown = trials.filter { $0.frameBytes == sizes.min() || $0.frameBytes == sizes.max() }
        let figures = shown.map { result in
            let runs = result.latency.enumerated().compactMap { index, latency in
                latency.trial.latency.map { distribution in
                    let name = index == 0 ? "no load (\(percent(latency.load)))" : "\(percent(latency.load)) of NDR"
                    return (
                        name: name, colour: [5, 0, 2, 1][index % 4], isDashed: index == 0, latency: distribution
                    )
                }
            }
            return (
                svg: SVGPlot.latencies("Latency of \(result.name)", runs).svg(),
                caption: "\(result.name): from the time a frame was due to its return."
            )
        }
        return ReportPage.Section(
            title: "Latency, without and with load (RFC 2544 §26.2)",
            text: [
                "Of every frame, over the way there and back. It counts from the scheduled time of sending, so a frame "
                    + "that had to wait because something stood still is as late as it was."
            ], figures: figures, tables: [latencyTable])
    }

    private var lossSection: ReportPage.Section? {
        guard !lossTable.rows.isEmpty else { return nil }
        let figures = ForwardingMode.allCases.compactMap { mode -> (svg: String, caption: String)? in
            let series = trials.filter { $0.mode == mode && !$0.lossRate.isEmpty }.enumerated().map { index, result in
                SVGPlot.Series(
                    "\(result.frameBytes) B", colour: index,
                    points: result.lossRate.sorted { $0.offeredRate < $1.offeredRate }.map {
                        SVGPlot.Point(x: $0.offeredRate / 1e6, y: $0.lossRatio * 100)
                    })
            }
            guard !series.isEmpty else { return nil }
            let plot = SVGPlot(
                "Loss by offered rate, \(mode)", x: PlotAxis("offered, million frames/s"),
                y: PlotAxis("frames lost, %"), series: series)
            return (svg: plot.svg(), caption: "\(mode): share of the offered frames that did not come back.")
        }
        return ReportPage.Section(
            title: "Frame loss rate (RFC 2544 §26.3)",
            text: [
                "From the highest rate downwards by tenths, until twice in a row nothing was lost. There is no line rate "
                    + "here: the highest is twice what comes back of a flood, or what the generator can make. Behind: "
                    + "the generator could not make that rate, and what it made stands beside it."
            ], figures: figures, tables: [lossTable])
    }

    private var burstSection: ReportPage.Section? {
        guard !burstTable.rows.isEmpty else { return nil }
        return ReportPage.Section(
            title: "Back-to-back frames (RFC 2544 §26.4)",
            text: ["The longest burst, sent as fast as frames can be made, of which every frame came back."],
            tables: [burstTable])
    }

    private static func colour(_ mode: ForwardingMode) -> Int { ForwardingMode.allCases.firstIndex(of: mode) ?? 0 }
}
