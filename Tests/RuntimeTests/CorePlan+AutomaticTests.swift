import Runtime
import Testing

@Suite struct CorePlanAutomaticTests {
    /// The plan as lines `cpu: stages`.
    private func lines(networkStages: Int, cpus: some Sequence<Int>) -> [String] {
        CorePlan.automatic(networkStages: networkStages, availableCPUs: AvailableCPUs(cpus)).cores
            .map { "\($0.cpu.map { String($0) } ?? "-"): \($0.stages.joined(separator: " "))" }
    }

    @Test func tableOfPlans() {
        #expect(lines(networkStages: 1, cpus: []) == ["-: network0 engine marketData", "-: journal"])
        #expect(lines(networkStages: 1, cpus: 0..<1) == ["0: network0 engine marketData journal"])
        #expect(lines(networkStages: 2, cpus: 0..<2) == ["0: network0 network1 engine marketData", "1: journal"])
        #expect(lines(networkStages: 1, cpus: 0..<3) == ["0: network0", "1: engine marketData", "2: journal"])
        #expect(lines(networkStages: 1, cpus: 0..<4) == ["1: network0", "2: engine marketData", "3: journal"])
        #expect(
            lines(networkStages: 2, cpus: 0..<5) == [
                "1: network0 network1", "2: engine", "3: marketData", "4: journal",
            ])
        #expect(
            lines(networkStages: 3, cpus: 0..<6)
                == ["1: network0 network2", "2: network1", "3: engine", "4: marketData", "5: journal"])
        #expect(
            lines(networkStages: 2, cpus: 0..<16)
                == ["1: network0", "2: network1", "3: engine", "4: marketData", "5: journal"])
        // A container that was given CPUs without CPU 0 uses all of them.
        #expect(
            lines(networkStages: 1, cpus: [4, 5, 6, 7]) == ["4: network0", "5: engine", "6: marketData", "7: journal"])
    }

    @Test(arguments: 0...20, [1, 2, 8, 13])
    func everyPlanIsValid(cpuCount: Int, networkStages: Int) throws {
        let cpus = AvailableCPUs(0..<cpuCount)
        let plan = CorePlan.automatic(networkStages: networkStages, availableCPUs: cpus)
        let stages = (0..<networkStages).map { "network\($0)" } + ["engine", "marketData", "journal"]
        try plan.validate(knownStages: stages, requiredStages: stages, availableCPUs: cpus)
        if cpuCount >= 4 {
            #expect(plan.idle == .busy)
            #expect(!plan.cores.contains { $0.cpu == 0 })
        } else {
            #expect(plan.idle == .shared)
        }
    }

    @Test func theDefaultSuitsThisMachine() throws {
        let plan = CorePlan.automatic(networkStages: 1)
        try plan.validate(
            knownStages: ["network0", "engine", "marketData", "journal"],
            requiredStages: ["network0", "engine", "marketData", "journal"])
    }
}
