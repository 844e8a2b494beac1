import Runtime

extension TradingNode {
    /// The core plan of a configuration, checked against a machine. Ask before DPDK binds the calling thread.
    /// - Parameter root: the folder that holds the machine's `proc` and `sys`.
    public static func plan(
        for configuration: NodeConfiguration, root: String = "/"
    ) throws(CorePlanError) -> CorePlan {
        let networks = configuration.interfaces.reduce(0) { $0 + $1.queues }
        let permitted = AvailableCPUs.permitted(root: root)
        let reserved = configuration.cores.matching
        let available = (root == "/" ? AvailableCPUs.current() : permitted).numbers.filter { !reserved.contains($0) }
        var plan = CorePlan.automatic(networkStages: networks, availableCPUs: AvailableCPUs(available))
        if !configuration.cores.plan.isEmpty { plan.cores = configuration.cores.plan }
        plan = configuration.addingShardCores(to: plan)
        if let idle = configuration.cores.idle { plan.idle = idle }
        try configuration.check(plan, availableCPUs: permitted)
        return plan
    }
}
