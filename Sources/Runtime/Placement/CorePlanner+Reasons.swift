extension CorePlanner {
    /// Why a row is on a core, with the values that decided.
    /// - Parameter first: the core chosen first on the same node; nil when this is it.
    func reason(for row: Row, on core: PhysicalCore, after first: CorePlan.Core?) -> String {
        var parts = [place(of: row, on: core)]
        if !core.cache.isEmpty {
            let shared = first.flatMap { first in first.cpu.map { (first.name, core.cache.contains($0)) } }
            switch shared {
            case (let name, true)?: parts.append("behind one L3 with \(name) (CPUs \(cpuList(core.cache)))")
            case (let name, false)?:
                parts.append("behind the L3 of CPUs \(cpuList(core.cache)), as that of \(name) has no better core left")
            case nil: parts.append("behind the L3 of CPUs \(cpuList(core.cache))")
            }
        }
        if !topology.isolated.isEmpty { parts.append(core.isIsolated ? "isolated" : "not isolated") }
        switch core.siblings.count {
        case 0: parts.append("without a sibling")
        case 1: parts.append("its sibling \(core.siblings[0]) stays empty")
        default: parts.append("its siblings \(cpuList(core.siblings)) stay empty")
        }
        return "CPU \(core.cpu): \(parts.filter { !$0.isEmpty }.joined(separator: ", "))."
    }

    /// What could not be had for a row.
    func warning(for row: Row, on core: PhysicalCore) -> String? {
        let names = row.stages.joined(separator: " and ")
        if let wish = wishedNode(of: row), wish != core.node {
            return "\(names) on CPU \(core.cpu), NUMA node \(core.node): node \(wish) has no physical core left beside "
                + "CPU 0's, so each hand-over crosses nodes: free cores on node \(wish)"
        }
        guard row.stages.count > 1 else { return nil }
        let place = topology.nodes.count > 1 ? "NUMA node \(core.node)" : "the machine"
        return "\(names) share CPU \(core.cpu): \(place) has too few physical cores for one each beside CPU 0's: "
            + "ask for fewer queues or give it more cores"
    }

    /// Cores that are not isolated though the machine isolates some.
    func isolationWarning(_ choices: [CorePlacement.Choice]) -> String? {
        let others = choices.filter { $0.core.cpu.map { !topology.isolated.contains($0) } ?? false }
        guard !topology.isolated.isEmpty, !others.isEmpty else { return nil }
        let names = others.map { "\($0.core.name) on CPU \($0.core.cpu ?? 0)" }.joined(separator: ", ")
        return "\(names): not isolated, because the isolated CPUs (\(cpuList(topology.isolated))) are too few where "
            + "they are needed: boot with the kernel arguments of this plan"
    }

    private func place(of row: Row, on core: PhysicalCore) -> String {
        guard topology.nodes.count > 1 else {
            return core.cache.isEmpty ? "the lowest one free after CPU 0's core" : ""
        }
        let node = "on NUMA node \(core.node)"
        if let wish = wishedNode(of: row), wish != core.node {
            return "\(node), the nearest to node \(wish) with a core"
        }
        if row.stages[0].hasPrefix("network") {
            return interfaceNode(of: row) == nil
                ? "\(node), as its interface names no node" : "\(node), where its interface is"
        }
        return "\(node) with \(row.stages[0] == "engine" ? "the network stages" : "the engine")"
    }

    /// The node of a row's interface, or for the stages behind the network the engine's.
    private func wishedNode(of row: Row) -> Int? {
        row.stages[0].hasPrefix("network") ? interfaceNode(of: row) : home
    }

    private func interfaceNode(of row: Row) -> Int? {
        Int(row.stages[0].dropFirst("network".count)).flatMap { interfaceNodes[$0] }
    }
}
