extension CorePlacement {
    /// The plan of a machine with too few cores to give any away: that of `CorePlan.automatic`, over one CPU per core.
    init(shared cores: [PhysicalCore], topology: MachineTopology, usable: [Int], networkStages: Int) {
        let plan = CorePlan.automatic(
            networkStages: networkStages, availableCPUs: AvailableCPUs(cores.map(\.cpu)))
        let choices = plan.cores.map { core in
            Choice(core: core, node: core.cpu.flatMap { topology.cpu($0)?.node }, reason: Self.reason(core))
        }
        let count = cores.count == 1 ? "1 physical core" : "\(cores.count) physical cores"
        self.init(
            choices: choices, idle: plan.idle, usable: usable, topology: topology,
            warnings: [
                "\(count) (\(cpuList(cores.map(\.cpu)))) cannot be given to polling stages alone: stages share CPUs with "
                    + "one another and with the system, and back off when idle; 4 physical cores are the least for "
                    + "cores that poll without rest, 5 for one per stage"
            ])
    }

    private static func reason(_ core: CorePlan.Core) -> String {
        let place = core.cpu.map { "CPU \($0)" } ?? "no CPU of its own"
        if core.stages == ["journal"] { return "\(place): apart from the other stages, because it waits for the disk." }
        if core.stages.contains("journal") { return "\(place): all stages one after another, for want of another." }
        if core.stages.count == 1 { return "\(place): the first to get a core, so that the queue does not overflow." }
        return "\(place): these stages one after another, because there are too few cores for one each."
    }
}
