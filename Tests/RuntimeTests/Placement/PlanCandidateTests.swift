import Runtime
import Testing

/// The plans that are tried on a machine, as whole lists.
@Suite struct PlanCandidateTests {
    private func candidates(
        _ machine: RecordedMachine, configured: CorePlan? = nil, shards: Int = 1
    ) throws -> [PlanCandidate] {
        let topology = try machine.read()
        return PlanCandidate.all(
            on: topology, proposed: CorePlacement(on: topology, networkNodes: machine.networkNodes, shards: shards),
            networkNodes: machine.networkNodes, configured: configured, clients: machine.networkNodes.count)
    }

    private func lines(_ candidates: [PlanCandidate]) -> String {
        candidates.map { candidate in
            let cores = candidate.plan.cores.map { core in
                "\(core.cpu.map { "\($0)" } ?? "-") \(core.stages.joined(separator: " "))"
            }
            return "\(candidate.name): \(cores.joined(separator: ", ")); clients \(candidate.clientCPUs)"
        }.joined(separator: "\n")
    }

    /// What holds on every machine, however large.
    @Test(arguments: RecordedMachine.all)
    func theyAreFewAndDifferentAndCanBeRun(machine: RecordedMachine) throws {
        let topology = try machine.read()
        let candidates = try candidates(machine)
        #expect(candidates.first?.name == "proposed")
        #expect(
            candidates.first?.plan == CorePlacement(on: topology, networkNodes: machine.networkNodes).plan)
        #expect((2...PlanCandidate.most).contains(candidates.count), "\(candidates.count)")
        #expect(Set(candidates.map(\.name)).count == candidates.count)
        for (index, candidate) in candidates.enumerated() {
            let names = machine.networkNodes.indices.map { "network\($0)" } + ["engine", "marketData", "journal"]
            try candidate.plan.validate(
                knownStages: names, requiredStages: names, availableCPUs: AvailableCPUs(topology.online))
            #expect(!candidates[..<index].contains { $0.plan == candidate.plan }, "\(candidate.name) is there twice")
            #expect(!candidate.clientCPUs.isEmpty)
            let isPossible = Set(topology.online).count > candidate.plan.cores.count
            if isPossible {
                #expect(
                    Set(candidate.clientCPUs).isDisjoint(with: candidate.plan.cores.compactMap(\.cpu)),
                    "\(candidate.name): a client on a CPU of the plan")
            }
            if candidate.plan.idle == .busy, topology.online.count > 4 {
                let core0 = topology.cpu(0)?.siblings ?? []
                #expect(Set(core0).isDisjoint(with: candidate.plan.cores.compactMap(\.cpu)), "\(candidate.name)")
            }
        }
    }

    @Test func twoSocketsHaveTheirNeighbourhoods() throws {
        #expect(
            try lines(candidates(RecordedMachine.servers[2])) == """
                proposed: 8 network0, 9 engine, 10 marketData, 11 journal; clients [15]
                engine and marketData together: 8 network0, 9 engine marketData, 11 journal; clients [15]
                network and engine together: 8 network0 engine, 10 marketData, 11 journal; clients [15]
                network, engine and marketData together: 8 network0 engine marketData, 11 journal; clients [15]
                network and engine on one core's threads: 8 network0, 24 engine, 10 marketData, 11 journal; clients [15]
                engine and marketData on one core's threads: 8 network0, 9 engine, 25 marketData, 11 journal; clients [15]
                engine and journal on one core's threads: 8 network0, 9 engine, 10 marketData, 25 journal; clients [15]
                marketData and journal on one core's threads: 8 network0, 9 engine, 10 marketData, 26 journal; clients [15]
                two cores' threads: network and engine, marketData and journal: 8 network0, 24 engine, 10 marketData, 26 journal; clients [15]
                engine on another NUMA node: 8 network0, 1 engine, 10 marketData, 11 journal; clients [15]
                marketData on another NUMA node: 8 network0, 9 engine, 1 marketData, 11 journal; clients [15]
                journal on another NUMA node: 8 network0, 9 engine, 10 marketData, 1 journal; clients [15]
                marketData and journal on another NUMA node: 8 network0, 9 engine, 1 marketData, 2 journal; clients [15]
                all on another NUMA node: 1 network0, 2 engine, 3 marketData, 4 journal; clients [15]
                """)
    }

    @Test func shardsAreTriedTogetherApartAndElsewhere() throws {
        let shards = try candidates(RecordedMachine.servers[2], shards: 2)
        #expect(
            lines(shards.filter { $0.name.contains("shards") || $0.name == "proposed" }) == """
                proposed: 8 network0, 9 engine, 10 marketData, 11 journal, 12 matching0, 13 matching1; clients [15]
                shards on the engine's core: 8 network0, 9 engine, 10 marketData, 11 journal; clients [15]
                shards on one core: 8 network0, 9 engine, 10 marketData, 11 journal, 12 matching0 matching1; clients [15]
                shards on another NUMA node: 8 network0, 9 engine, 10 marketData, 11 journal, 1 matching0, 2 matching1; clients [15]
                """)
        for machine in RecordedMachine.all {
            #expect(try (2...PlanCandidate.most).contains(candidates(machine, shards: 4).count))
        }
    }

    @Test func groupsOfCoresBehindAnL3AreTried() throws {
        let found = try candidates(RecordedMachine.clusters[1])
        let names = found.map(\.name)
        for name in ["engine", "marketData", "journal", "marketData and journal"] {
            #expect(names.contains("\(name) behind another L3"))
            #expect(!names.contains("\(name) on another NUMA node"))
        }
        // One L3 is as good as the next; not CPU 0's, where others have more free cores.
        #expect(!names.contains("all behind another L3"))
        #expect(found.first { $0.name == "engine behind another L3" }?.plan.cores.map(\.cpu) == [8, 16, 10, 11])
        #expect(found.allSatisfy { $0.clientCPUs == [63] })
    }

    @Test func sharedCoresAreDividedInEachWayAndWaitInEach() throws {
        #expect(
            try lines(candidates(RecordedMachine.small[3])) == """
                proposed: 0 network0 network1 engine marketData, 1 journal; clients [1]
                network+engine+marketData+journal, backing off: 1 network0 network1 engine marketData journal; clients [0]
                network+engine+marketData | journal, backing off: 1 network0 network1 engine marketData, 0 journal; clients [0]
                network+engine | marketData+journal, backing off: 1 network0 network1 engine, 0 marketData journal; clients [0]
                network | engine+marketData+journal, backing off: 1 network0 network1, 0 engine marketData journal; clients [0]
                network+engine+marketData+journal, yielding: 1 network0 network1 engine marketData journal; clients [0]
                network+engine+marketData | journal, yielding: 1 network0 network1 engine marketData, 0 journal; clients [0]
                network+engine | marketData+journal, yielding: 1 network0 network1 engine, 0 marketData journal; clients [0]
                network | engine+marketData+journal, yielding: 1 network0 network1, 0 engine marketData journal; clients [0]
                network+engine+marketData+journal, busy: 1 network0 network1 engine marketData journal; clients [0]
                network+engine+marketData | journal, busy: 1 network0 network1 engine marketData, 0 journal; clients [0]
                network+engine | marketData+journal, busy: 1 network0 network1 engine, 0 marketData journal; clients [0]
                network | engine+marketData+journal, busy: 1 network0 network1, 0 engine marketData journal; clients [0]
                network+engine | marketData+journal, first on CPU 0: 0 network0 network1 engine, 1 marketData journal; clients [1]
                network | engine+marketData+journal, first on CPU 0: 0 network0 network1, 1 engine marketData journal; clients [1]
                """)
        // Threads of the two cores: a stage each.
        let threads = try candidates(RecordedMachine.small[2]).filter { $0.name.contains("threads") }
        #expect(threads.map { $0.plan.cores.map(\.cpu) } == [[1, 3, 0, 2], [1, 3, 0, 2], [1, 3, 0, 2]])
    }

    @Test func aPlanSomebodyWroteIsTriedUnlessItIsTheSame() throws {
        let machine = RecordedMachine.servers[2]
        let other = CorePlan(
            cores: [.init(name: "all", cpu: 12, stages: ["network0", "engine", "marketData", "journal"])], idle: .yield)
        let with = try candidates(machine, configured: other)
        #expect(with[1].name == "as configured" && with[1].plan == other)
        // The proposed plan on other cores of the same L3 is the same to the hardware.
        let same = CorePlan(
            cores: zip(["network0", "engine", "marketData", "journal"], 12...15).map {
                .init(name: $0, cpu: $1, stages: [$0])
            }, idle: .busy)
        #expect(try candidates(machine, configured: same).map(\.name) == candidates(machine).map(\.name))
    }
}
