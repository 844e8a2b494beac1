import Runtime
import Testing

@Suite struct CorePlacementTests {
    /// First as a whole, then the promises for one to nine network stages on any node and on any two, and for shards.
    @Test(arguments: RecordedMachine.all)
    func everyRecordedMachineHasItsPlan(machine: RecordedMachine) throws {
        let topology = try machine.read()
        let placement = CorePlacement(on: topology, networkNodes: machine.networkNodes)
        #expect(placement.lines(on: topology) == machine.plan)
        // Each choice has a reason with its CPU.
        for choice in placement.choices {
            #expect(choice.reason.hasPrefix("CPU \(choice.core.cpu ?? -1): ") && choice.reason.hasSuffix("."))
        }
        let nodes: [Int?] = topology.nodes + [nil]
        for count in 1...9 {
            for first in nodes {
                for second in nodes {
                    let wishes = (0..<count).map { $0.isMultiple(of: 2) ? first : second }
                    for shards in [1, 4] {
                        try check(
                            CorePlacement(on: topology, networkNodes: wishes, shards: shards), on: topology,
                            wishes: wishes, shards: shards)
                    }
                }
            }
        }
    }

    private func check(
        _ placement: CorePlacement, on topology: MachineTopology, wishes: [Int?], shards: Int
    ) throws {
        let online = AvailableCPUs(topology.online)
        let stages = wishes.indices.map { "network\($0)" } + ["engine", "marketData", "journal"]
        let shardStages = CorePlan.shardStages(shards)
        // All shards have a core, or none has.
        let placed = placement.plan.core(ofStage: "matching0") == nil ? [] : shardStages
        try placement.plan.validate(
            knownStages: stages + placed, requiredStages: stages + placed, availableCPUs: online)
        #expect(
            Set(placement.cpus + placement.emptySiblings + placement.systemCPUs) == Set(topology.online)
                && placement.cpus.count + placement.emptySiblings.count + placement.systemCPUs.count == online.count)
        let cores = placement.cpus.compactMap { topology.cpu($0)?.siblings }
        #expect(Set(cores).count == placement.choices.count, "two on one physical core: \(placement.cpus)")
        guard placement.isExclusive else {
            #expect(Set(topology.cpus.map(\.siblings)).count < 4)
            return
        }
        #expect(!cores.contains { $0.contains(0) }, "a poller on the core of CPU 0: \(placement.cpus)")

        // A node that has a core but CPU 0's is a node on which its stages can be.
        let usable = Set(topology.cpus.filter { !$0.siblings.contains(0) }.map(\.node))
        let plan = placement.plan
        func node(_ stage: String) -> Int? {
            plan.core(ofStage: stage)?.cpu.flatMap { topology.cpu($0)?.node }
        }
        for (index, wish) in wishes.enumerated() {
            guard let wish, usable.contains(wish) else { continue }
            #expect(node("network\(index)") == wish, "\(wishes): network\(index)")
        }
        let networks = wishes.indices.compactMap { node("network\($0)") }
        #expect(networks.contains(node("engine") ?? -1), "\(wishes): the engine is on a node without a network stage")
        for stage in placed { #expect(node(stage) == node("engine"), "\(wishes): \(stage)") }
        #expect(placement.warnings.contains { $0.contains("shards run one after another") } == (placed != shardStages))
    }

    @Test func shardsGetTheCoresThatAreLeft() throws {
        func plan(_ topology: String, _ shards: Int) throws -> (cores: [String], warnings: [String]) {
            let machine = RecordedMachine(name: "", topology: topology, networkNodes: [nil], plan: "")
            let placement = CorePlacement(on: try machine.read(), networkNodes: [nil], shards: shards)
            let cores = placement.choices.map { "\($0.core.cpu ?? -1) \($0.core.stages.joined(separator: " "))" }
            return (Array(cores.dropFirst(3)), placement.warnings)
        }
        #expect(try plan("online 0-15", 1).cores == ["4 journal"])
        #expect(try plan("online 0-15", 3).cores == ["4 journal", "5 matching0", "6 matching1", "7 matching2"])
        #expect(try plan("online 0-15", 3).warnings.isEmpty)
        let two = try plan("online 0-6", 3)
        #expect(two.cores == ["4 journal", "5 matching0 matching2", "6 matching1"])
        #expect(two.warnings.map { $0.hasPrefix("matching0 and matching2 share CPU 5") } == [true])
        let none = try plan("online 0-4", 2)
        #expect(none.cores == ["4 journal"])
        #expect(
            none.warnings == [
                "the 2 shards run one after another on the engine's core: the machine has no physical core left beside "
                    + "CPU 0's: give it more cores"
            ])
    }

    @Test func aContainerIsPlannedWithItsOwnCPUs() throws {
        let topology = try RecordedMachine.servers[0].read()
        let placement = CorePlacement(on: topology, available: AvailableCPUs(20..<28), networkNodes: [0])
        #expect(placement.cpus == [20, 21, 22, 23])
        #expect(placement.systemCPUs == [24, 25, 26, 27] && placement.emptySiblings == [52, 53, 54, 55])
        #expect(placement.warnings.count == 1 && placement.warnings[0].contains("node 0"), "\(placement.warnings)")
        #expect(CorePlacement(on: topology, available: AvailableCPUs([]), networkNodes: [0]).cpus.isEmpty)
    }

    /// Isolating the second thread of CPU 0's core does not make it a place for a poller.
    @Test func theSiblingOfCPU0IsNeverTaken() throws {
        var topology = try RecordedMachine.servers[6].read()
        topology.isolated = [8, 9, 10, 11]
        let placement = CorePlacement(on: topology, networkNodes: [nil])
        #expect(placement.cpus == [4, 9, 10, 11] && placement.systemCPUs.contains(8))
        #expect(placement.emptySiblings == [1, 2, 3, 12])
        #expect(placement.warnings.map { $0.hasPrefix("journal on CPU 4: not isolated") } == [true])
    }

    @Test func reasonsHaveTheValues() throws {
        let far = try RecordedMachine.servers[2].read()
        let reasons = CorePlacement(on: far, networkNodes: [1]).choices.map(\.reason)
        #expect(
            reasons[0]
                == "CPU 8: on NUMA node 1, where its interface is, behind the L3 of CPUs 8-15,24-31, its sibling 24 stays "
                + "empty.")
        #expect(
            reasons[1]
                == "CPU 9: on NUMA node 1 with the network stages, behind one L3 with network0 (CPUs 8-15,24-31), its "
                + "sibling 25 stays empty.")
        let plain = try RecordedMachine.small[0].read()
        #expect(
            CorePlacement(on: plain, networkNodes: [nil]).choices[0].reason
                == "CPU 1: the lowest one free after CPU 0's core, without a sibling.")
    }
}
