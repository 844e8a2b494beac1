extension CorePlan {
    /// A plan for the stages `network0 …`, `engine`, `marketData` and `journal` on the CPUs there are.
    ///
    /// | CPUs | cores |
    /// |---|---|
    /// | 1 | everything on one |
    /// | 2 | network, engine and market data · journal, which waits for the disk |
    /// | 3, 4 | network · engine and market data · journal |
    /// | 5 and more | network, on as many as are left but no more than `networkStages` · engine · market data · journal |
    ///
    /// From 4 CPUs on, CPU 0 stays free: the kernel does its own work there. With fewer the cores share their CPUs
    /// with the rest of the machine, so they back off when idle; with more they poll without rest.
    ///
    /// - Parameters:
    ///   - networkStages: 1 or more.
    ///   - availableCPUs: used in the order of their numbers; none leaves the cores of the plan for 2 CPUs unpinned.
    public static func automatic(networkStages: Int, availableCPUs: AvailableCPUs = .current()) -> CorePlan {
        precondition(networkStages >= 1, "a node has at least one network stage")
        let network = (0..<networkStages).map { "network\($0)" }
        var cpus = availableCPUs.numbers
        if cpus.count >= 4 { cpus.removeAll { $0 == 0 } }
        let rest: [[String]]
        let networkCores: Int
        switch cpus.count {
        case 1:
            return CorePlan(
                cores: [Core(name: "all", cpu: cpus[0], stages: network + ["engine", "marketData", "journal"])],
                idle: .shared)
        case 0, 2:
            let cores = [
                Core(name: "trading", cpu: cpus.first, stages: network + ["engine", "marketData"]),
                Core(name: "journal", cpu: cpus.last, stages: ["journal"]),
            ]
            return CorePlan(cores: cores, idle: .shared)
        case 3:
            networkCores = 1
            rest = [["engine", "marketData"], ["journal"]]
        default:
            networkCores = min(networkStages, cpus.count - 3)
            rest = [["engine"], ["marketData"], ["journal"]]
        }
        var groups = [[String]](repeating: [], count: networkCores)
        for (index, stage) in network.enumerated() { groups[index % networkCores].append(stage) }
        let cores = zip(cpus, groups + rest).map { Core(name: $1[0], cpu: $0, stages: $1) }
        return CorePlan(cores: cores, idle: availableCPUs.count >= 4 ? .busy : .shared)
    }
}
