import Runtime
import Testing

@Suite struct CorePlanTests {
    typealias Core = CorePlan.Core

    static let known = ["network0", "engine", "marketData", "journal", "metrics"]
    static let required = ["network0", "engine", "journal"]
    static let cpus = AvailableCPUs([0, 1, 2, 5])

    private func validate(_ cores: [Core]) throws(CorePlanError) {
        try CorePlan(cores: cores, idle: .busy)
            .validate(knownStages: Self.known, requiredStages: Self.required, availableCPUs: Self.cpus)
    }

    @Test func goodPlans() throws {
        try validate([Core(name: "all", cpu: nil, stages: Self.known)])
        try validate([
            Core(name: "a", cpu: 5, stages: ["network0", "engine"]), Core(name: "b", cpu: 0, stages: ["journal"]),
            Core(name: "c", cpu: nil, stages: ["metrics"]),
        ])
    }

    static let all = Core(name: "all", cpu: 1, stages: required)

    /// Each fault alone in a plan that is good otherwise, and words its message must contain.
    static let faults: [(cores: [Core], error: CorePlanError, words: [String])] = [
        ([], .stageMissing(stage: "network0", cores: []), ["'network0'", "add it"]),
        (
            [Core(name: "a", cpu: nil, stages: ["network0", "engine"])],
            .stageMissing(stage: "journal", cores: ["a"]), ["'journal'", "one of a"]
        ),
        (
            [all, Core(name: "b", cpu: nil, stages: ["jurnal"])],
            .unknownStage(stage: "jurnal", core: "b", known: known), ["'jurnal'", "'b'", "journal, metrics"]
        ),
        (
            [all, Core(name: "b", cpu: nil, stages: ["engine"])],
            .stageTwice(stage: "engine", firstCore: "all", secondCore: "b"), ["'engine'", "'all'", "'b'"]
        ),
        (
            [Core(name: "all", cpu: nil, stages: required + ["engine"])],
            .stageTwice(stage: "engine", firstCore: "all", secondCore: "all"), ["'engine' twice", "delete one"]
        ),
        (
            [all, Core(name: "b", cpu: 1, stages: ["metrics"])], .cpuTwice(cpu: 1, firstCore: "all", secondCore: "b"),
            ["CPU 1", "'all' and 'b'"]
        ),
        (
            [Core(name: "all", cpu: 3, stages: required)], .cpuNotAvailable(cpu: 3, core: "all", available: cpus),
            ["CPU 3", "CPUs 0-2,5", "taskset"]
        ),
        (
            [Core(name: "all", cpu: -1, stages: required)], .cpuNotAvailable(cpu: -1, core: "all", available: cpus),
            ["CPU -1"]
        ),
        ([all, all], .coreTwice(core: "all"), ["'all'", "rename"]),
        ([all, Core(name: "b", cpu: nil, stages: [])], .coreWithoutStages(core: "b"), ["'b'", "delete it"]),
        ([Core(name: "", cpu: nil, stages: required)], .unnamedCore(stages: required), ["network0", "no name"]),
    ]

    @Test(arguments: faults.indices) func faultIsNamedWithItsRemedy(index: Int) {
        let fault = Self.faults[index]
        #expect(throws: fault.error) { try validate(fault.cores) }
        for words in fault.words { #expect(fault.error.description.contains(words), "\(fault.error)") }
    }

    @Test func coreOfAStage() {
        let plan = CorePlan(cores: [Self.all], idle: .busy)
        #expect(plan.core(ofStage: "engine") == Self.all)
        #expect(plan.core(ofStage: "metrics") == nil)
    }

    @Test func namedStagesComeFirstOnTheirCoreAndTheRestStays() {
        let plan = CorePlan(
            cores: [
                .init(name: "a", cpu: 1, stages: ["network0", "network1", "engine"]),
                .init(name: "b", cpu: 2, stages: ["journal"]),
            ], idle: .busy)
        #expect(
            plan.polling(first: ["network1"]).cores.map(\.stages) == [["network1", "network0", "engine"], ["journal"]])
        #expect(plan.polling(first: []) == plan)
        #expect(plan.polling(first: ["network7"]) == plan)
    }
}
