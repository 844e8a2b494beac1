extension CorePlan {
    /// Names of the stages that an engine's shards can be; one shard is always part of the engine.
    public static func shardStages(_ shards: Int) -> [String] {
        shards > 1 ? (0..<shards).map { "matching\($0)" } : []
    }

    /// The same by core, dealt out by turns: more cores than shards would have nothing to run.
    public static func shardStages(_ shards: Int, onCores cores: Int) -> [[String]] {
        let stages = shardStages(shards)
        let count = min(cores, stages.count)
        guard count > 0 else { return [] }
        return (0..<count).map { turn in stride(from: turn, to: stages.count, by: count).map { stages[$0] } }
    }
}
