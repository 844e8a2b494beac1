import Node
import Runtime
import Testing

/// Shards in the configuration: which instrument is where, and on which cores they run.
@Suite struct ShardConfigurationTests {
    private func read(_ changes: (old: String, new: String)...) throws -> NodeConfiguration {
        var text = NodeConfiguration.example
        for change in changes {
            #expect(text.contains(change.old), "the example no longer contains `\(change.old)`")
            text = text.replacing(change.old, with: change.new)
        }
        return try NodeConfiguration(yaml: text, file: "node.yaml")
    }

    /// A second instrument at the end of the list, in the first shard.
    private let second = (
        old: "journal:\n",
        new: [
            "  - {id: 2, symbol: TWO, maximumPrice: 100, referencePrice: 50, shard: 0,",
            "     risk: {maximumQuantity: 1, maximumNotional: 1, collarTicks: 1}}", "", "journal:", "",
        ].joined(separator: "\n")
    )

    @Test func oneShardIsPartOfTheEngine() throws {
        let configuration = try read()
        #expect(configuration.shards == 1 && configuration.shardStages.isEmpty)
        #expect(configuration.cores.matching.isEmpty)
        let plan = try TradingNode.plan(for: configuration)
        #expect(!plan.cores.flatMap(\.stages).contains { $0.hasPrefix("matching") })
    }

    @Test func anInstrumentCanBePutIntoAShard() throws {
        let configuration = try read(("shards: 1 ", "shards: 2 "), ("# shard: 0 ", "shard: 1 "), second)
        #expect(configuration.instruments.map(\.shard) == [1, 0])
        #expect(configuration.shardStages == ["matching0", "matching1"])
    }

    @Test func whatCannotBeIsReported() throws {
        func complaint(_ changes: (old: String, new: String)...) -> String {
            var text = NodeConfiguration.example
            for change in changes { text = text.replacing(change.old, with: change.new) }
            do {
                _ = try NodeConfiguration(yaml: text, file: "node.yaml")
                return ""
            } catch { return error.description }
        }
        #expect(complaint(("shards: 1 ", "shards: 17 ")).contains("1 to 16"))
        #expect(complaint(("shards: 1 ", "shards: 2 ")).contains("no instrument in shard 1"))
        #expect(complaint(("# shard: 0 ", "shard: 3 ")).contains("WSL in shard 3"))
        #expect(complaint(("# matching: [6, 7] ", "matching: [6] ")).contains("with one shard"))
    }

    /// Each CPU of `matching` gets a core, the shards by turns; the rest of the plan leaves those CPUs alone.
    @Test func shardsGetCoresOfTheirOwn() throws {
        var configuration = try read(("shards: 1 ", "shards: 2 "), ("# shard: 0 ", "shard: 1 "), second)
        let cpus = AvailableCPUs.permitted().numbers
        guard let last = cpus.last, cpus.count >= 2 else { return }
        configuration.cores.matching = [last]
        let plan = try TradingNode.plan(for: configuration)
        #expect(plan.core(ofStage: "matching0")?.cpu == last)
        #expect(plan.core(ofStage: "matching1")?.cpu == last)
        #expect(plan.cores.filter { $0.cpu == last }.count == 1)

        // A written plan names all of them or none.
        configuration.cores.matching = []
        configuration.cores.plan = [.init(name: "all", cpu: nil, stages: Bench.stages + ["matching1"])]
        #expect(throws: CorePlanError.stageMissing(stage: "matching0", cores: ["all"])) {
            _ = try TradingNode.plan(for: configuration)
        }
    }
}
