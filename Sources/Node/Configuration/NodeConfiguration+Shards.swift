import Runtime

/// Which instrument is in which shard, and where the shards run.
extension NodeConfiguration {
    /// Shard of an instrument by its place in the configuration.
    func shard(ofInstrumentAt place: Int) -> Int { instruments[place].shard ?? place % shards }

    func instruments(ofShard number: Int) -> [Instrument] {
        instruments.indices.filter { shard(ofInstrumentAt: $0) == number }.map { instruments[$0] }
    }

    /// Names of the stages that shards can be; one shard is always part of the engine.
    public var shardStages: [String] { CorePlan.shardStages(shards) }

    /// The plan with a core for each CPU of `cores.matching`.
    public func addingShardCores(to plan: CorePlan) -> CorePlan {
        var plan = plan
        for (cpu, stages) in zip(cores.matching, CorePlan.shardStages(shards, onCores: cores.matching.count)) {
            plan.cores.append(CorePlan.Core(name: stages[0], cpu: cpu, stages: stages))
        }
        return plan
    }

    /// Checks that a plan has all stages of this node, on CPUs there are.
    public func check(_ plan: CorePlan, availableCPUs: AvailableCPUs) throws(CorePlanError) {
        let networks = interfaces.reduce(0) { $0 + $1.queues }
        let names = (0..<networks).map { "network\($0)" } + ["engine", "marketData", "journal"]
        // Without a core of its own a shard is part of the engine; half of them cannot be.
        let placed = shardStages.contains { plan.core(ofStage: $0) != nil } ? shardStages : []
        try plan.validate(
            knownStages: names + shardStages, requiredStages: names + placed, availableCPUs: availableCPUs)
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
