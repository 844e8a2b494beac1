import Runtime

/// Which instrument is in which shard, and where the shards run.
extension NodeConfiguration {
    /// Shard of an instrument by its place in the configuration.
    func shard(ofInstrumentAt place: Int) -> Int { instruments[place].shard ?? place % shards }

    func instruments(ofShard number: Int) -> [Instrument] {
        instruments.indices.filter { shard(ofInstrumentAt: $0) == number }.map { instruments[$0] }
    }

    /// Names of the stages that shards can be; one shard is always part of the engine.
    public var shardStages: [String] { shards > 1 ? (0..<shards).map { "matching\($0)" } : [] }

    /// The plan with a core for each CPU of `cores.matching`.
    func addingShardCores(to plan: CorePlan) -> CorePlan {
        var plan = plan
        // More cores than shards would have nothing to run.
        let cpus = cores.matching.prefix(shardStages.count)
        for (turn, cpu) in cpus.enumerated() {
            let stages = stride(from: turn, to: shards, by: cpus.count).map { shardStages[$0] }
            plan.cores.append(CorePlan.Core(name: stages[0], cpu: cpu, stages: stages))
        }
        return plan
    }

    func checkShards(_ root: ConfigurationSection) {
        for instrument in instruments {
            guard let shard = instrument.shard, shard >= shards else { continue }
            root.report(
                key: "instruments", found: "\(instrument.specification.symbol) in shard \(shard)",
                expected: "a shard from 0 to \(shards - 1), as node.shards says",
                write: shards == 1 ? "no shard, or node.shards: \(shard + 1)" : "shard: 0")
        }
        let empty = (0..<shards).filter { instruments(ofShard: $0).isEmpty }
        if let first = empty.first, !instruments.isEmpty {
            root.report(
                key: "instruments", found: "no instrument in shard \(first)", expected: "one at least in each shard",
                write: "shard: \(first)   (or fewer shards: node.shards: \(max(1, shards - empty.count)))")
        }
        if shards == 1, !cores.matching.isEmpty {
            root.report(
                key: "cores", found: "cores.matching with one shard", expected: "shards that can run there",
                write: "node.shards: 2   (or no cores.matching)")
        }
        let onPlan = cores.plan.contains { $0.stages.contains { shardStages.contains($0) } }
        if onPlan, !cores.matching.isEmpty {
            root.report(
                key: "cores", found: "shards in cores.plan and in cores.matching", expected: "one of the two",
                write: "no cores.matching")
        }
    }
}
