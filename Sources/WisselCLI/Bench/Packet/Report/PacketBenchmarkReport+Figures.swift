import LoadClient

/// The figures by the names they have in JSON.
extension PacketBenchmarkReport {
    /// Keys the project is held to: `io_ratio_testpmd`, `macswap_ratio_testpmd` (with copy), `pipeline_ratio_macswap`,
    /// `macswap_memif_ratio_testpmd`; and all that stands behind them. Rates in millions of packets a second, cycles of
    /// the time-stamp counter.
    var figures: [String: Double] {
        var figures: [String: Double] = [:]
        for item in cases { add(item, to: &figures) }
        for costs in stages {
            let size = sizeSuffix(costs.frameBytes)
            for step in costs.steps {
                figures["stage_\(step.depth.key)\(size)_cycles"] = step.cost
                figures["stage_\(step.depth.key)\(size)_cumulative_cycles"] = step.end
            }
        }
        for result in trials { add(result, to: &figures) }
        return figures.mapValues(figure)
    }

    /// Polls by packets they brought, 0…32, of all repetitions.
    var burstHistograms: [String: [UInt64]] {
        Dictionary(cases.map { (name($0), $0.count.polls) }, uniquingKeysWith: { first, _ in first })
    }

    /// The plain names are the devices the figures are asked for: io without copy, macswap with, and the pipeline where
    /// frames of a node's own are really handed over.
    func name(_ item: ForwardingCase) -> String {
        let device =
            switch item.device {
            case .null(let copy):
                item.mode != .pipeline && copy == (item.mode == .macswap) ? "" : copy ? "_copy" : "_nocopy"
            case .ring: "_ring"
            case .memif: item.mode == .pipeline ? "" : "_memif"
            case .ports: "_ports"
            }
        return item.mode.rawValue + device + sizeSuffix(item.frameBytes)
    }

    private func sizeSuffix(_ bytes: Int) -> String { bytes == plainFrameBytes || bytes == 0 ? "" : "_\(bytes)b" }

    private func add(_ item: ForwardingCase, to figures: inout [String: Double]) {
        let name = name(item)
        func add(_ key: String, _ spread: Spread?, scale: Double = 1) {
            guard let spread else { return }
            figures[key] = spread.median * scale
            figures["\(key)_min"] = spread.least * scale
            figures["\(key)_max"] = spread.most * scale
            figures["\(key)_iqr"] = (spread.upperQuartile - spread.lowerQuartile) * scale
        }
        let isPipeline = item.mode == .pipeline
        let ratio = isPipeline ? "\(name)_ratio_macswap" : "\(name)_ratio_testpmd"
        add(ratio, Spread(item.ratios))
        add("\(name)_mpps", Spread(item.ours), scale: 1e-6)
        add("\(name)_testpmd_mpps", Spread(item.peers), scale: 1e-6)
        add("\(name)_cycles_per_packet", Spread(item.ticksPerPacket))
        figures["\(name)_packets"] = Double(item.count.packets)
        figures["\(name)_dropped"] = Double(item.count.dropped)
        figures["\(name)_bursts"] = Double(item.count.bursts)
        figures["\(name)_empty_polls"] = Double(item.count.emptyPolls)
        figures["\(name)_involuntary_switches"] = Double(item.count.involuntarySwitches)
    }

    private func add(_ result: RFC2544Result, to figures: inout [String: Double]) {
        let name = result.mode.rawValue + sizeSuffix(result.frameBytes)
        if let throughput = result.throughput {
            figures["throughput_\(name)_ndr_mpps"] = throughput.noDrop.highest / 1e6
            figures["throughput_\(name)_pdr_mpps"] = throughput.partialDrop.highest / 1e6
            figures["throughput_\(name)_pdr_loss_ratio"] = throughput.partialDropRatio
            figures["throughput_\(name)_highest_offered_mpps"] = throughput.highestOffered / 1e6
            figures["throughput_\(name)_trials"] = Double(throughput.noDrop.trials + throughput.partialDrop.trials)
        }
        for latency in result.latency {
            let key = "latency_\(name)_at_\(shortNumber(latency.load * 100))_percent"
            figures["\(key)_offered_mpps"] = latency.trial.offeredRate / 1e6
            figures["\(key)_lost"] = Double(latency.trial.lost)
            figures["\(key)_reordered"] = Double(latency.trial.reordered)
            guard let summary = latency.trial.latency?.summary else { continue }
            for percentile in LatencySummary.percentiles {
                figures["\(key)_\(percentile.name)_ns"] = Double(summary[keyPath: percentile.nanoseconds])
            }
        }
        for (index, trial) in result.lossRate.enumerated() {
            let key = "loss_rate_\(name)_at_\(100 - 10 * index)_percent"
            figures["\(key)_offered_mpps"] = trial.offeredRate / 1e6
            figures["\(key)_received_mpps"] = trial.receivedRate / 1e6
            figures["\(key)_loss_ratio"] = trial.lossRatio
            figures["\(key)_refused"] = Double(trial.refused)
            figures["\(key)_dropped"] = Double(trial.dropped)
        }
        if let burst = result.backToBack, let spread = Spread(burst.longest) {
            figures["back_to_back_\(name)_frames"] = spread.median.rounded()
            figures["back_to_back_\(name)_frames_min"] = spread.least.rounded()
            figures["back_to_back_\(name)_frames_max"] = spread.most.rounded()
        }
        figures["rfc2544_\(name)_repeated_trials"] = Double(result.repeatedTrials)
    }
}
