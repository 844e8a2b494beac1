/// Which logical core runs which stages, in which order, and how the cores idle. The stages of one core run to
/// completion one after another; stages on different cores meet only through rings.
public struct CorePlan: Sendable, Equatable {
    /// One thread of the node.
    public struct Core: Sendable, Equatable {
        /// Unique within the plan; becomes part of the thread's name.
        public var name: String
        /// The CPU to be pinned to; nil runs wherever the scheduler likes.
        public var cpu: Int?
        /// Names of stages, in the order they are polled.
        public var stages: [String]
        /// How this core idles; nil as the plan says.
        public var idle: IdleStrategy?

        public init(name: String, cpu: Int?, stages: [String], idle: IdleStrategy? = nil) {
            self.name = name
            self.cpu = cpu
            self.stages = stages
            self.idle = idle
        }
    }

    public var cores: [Core]
    public var idle: IdleStrategy

    public init(cores: [Core], idle: IdleStrategy) {
        self.cores = cores
        self.idle = idle
    }

    /// The core a stage is on.
    public func core(ofStage stage: String) -> Core? { cores.first { $0.stages.contains(stage) } }

    /// The same plan with the named stages before all others of their core; otherwise the order stays.
    public func polling(first names: [String]) -> CorePlan {
        var plan = self
        for index in plan.cores.indices {
            let stages = plan.cores[index].stages
            plan.cores[index].stages =
                stages.filter { names.contains($0) } + stages.filter { !names.contains($0) }
        }
        return plan
    }

    /// Checks the plan against the node's stages and the machine's CPUs.
    /// - Parameters:
    ///   - knownStages: all stages a plan may name.
    ///   - requiredStages: those that must be on some core.
    ///   - availableCPUs: those a core may be pinned to.
    /// - Throws: the first thing found wrong, in the order of the plan.
    public func validate(
        knownStages: [String], requiredStages: [String], availableCPUs: AvailableCPUs = .permitted()
    ) throws(CorePlanError) {
        var coreOfName: Set<String> = []
        var coreOfStage: [String: String] = [:]
        var coreOfCPU: [Int: String] = [:]
        for core in cores {
            guard !core.name.isEmpty else { throw .unnamedCore(stages: core.stages) }
            guard coreOfName.insert(core.name).inserted else { throw .coreTwice(core: core.name) }
            guard !core.stages.isEmpty else { throw .coreWithoutStages(core: core.name) }
            for stage in core.stages {
                guard knownStages.contains(stage) else {
                    throw .unknownStage(stage: stage, core: core.name, known: knownStages)
                }
                if let first = coreOfStage.updateValue(core.name, forKey: stage) {
                    throw .stageTwice(stage: stage, firstCore: first, secondCore: core.name)
                }
            }
            guard let cpu = core.cpu else { continue }
            guard availableCPUs.contains(cpu) else {
                throw .cpuNotAvailable(cpu: cpu, core: core.name, available: availableCPUs)
            }
            if let first = coreOfCPU.updateValue(core.name, forKey: cpu) {
                throw .cpuTwice(cpu: cpu, firstCore: first, secondCore: core.name)
            }
        }
        for stage in requiredStages where coreOfStage[stage] == nil {
            throw .stageMissing(stage: stage, cores: cores.map(\.name))
        }
    }
}
