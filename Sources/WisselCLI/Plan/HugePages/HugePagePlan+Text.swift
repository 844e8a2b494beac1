extension HugePagePlan {
    func text(explains: Bool) -> String {
        guard wanted != .none else { return "no huge pages: the configuration says memory: {hugePages: none}" }
        var lines: [String] = []
        for node in nodes {
            for (index, pool) in node.pools.enumerated() {
                let name = "node \(node.node):"
                lines.append(
                    (index == 0 ? name : "or".padding(to: name.count)) + " "
                        + "\(pool.needed) \(Self.size(pool)) needed, \(pool.free) free of \(pool.total): "
                        + (pool.missing == 0 ? "enough" : "\(pool.missing) missing"))
            }
            guard explains else { continue }
            for addend in node.addends { lines.append("    \(addend.megabytes) MiB  \(addend.reason)") }
            lines.append("    \(node.megabytes) MiB  together")
        }
        let commands = nodes.compactMap(\.command)
        if !commands.isEmpty {
            lines += ["to have them (a node that runs has taken its own):"] + commands.map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    private static func size(_ pool: Pool) -> String {
        let text =
            pool.pageKibibytes >= 1 << 20
            ? "\(pool.pageKibibytes >> 20) GiB"
            : pool.pageKibibytes >= 1 << 10 ? "\(pool.pageKibibytes >> 10) MiB" : "\(pool.pageKibibytes) KiB"
        return "\(pool.needed == 1 ? "page" : "pages") of \(text)"
    }

    /// For JSON.
    struct Figures: Encodable {
        var wanted: String
        var isLacking: Bool
        var nodes: [Node]
    }

    var figures: Figures { Figures(wanted: wanted.rawValue, isLacking: isLacking, nodes: nodes) }
}

extension String {
    fileprivate func padding(to length: Int) -> String { String(repeating: " ", count: max(length - count, 0)) + self }
}
