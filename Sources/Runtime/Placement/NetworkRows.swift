/// The network stages, grouped by the cores that will run them: one each while there is room on the node of their
/// interface, else several on one.
struct NetworkRows {
    struct Row: Equatable {
        var node: Int
        /// Numbers of network stages, ascending.
        var stages: [Int]
    }

    /// By their first stage.
    let rows: [Row]

    /// - Parameters:
    ///   - nodes: the node each stage goes to; all have room.
    ///   - room: cores that may be used, by node.
    ///   - home: the node that must keep a core for the engine.
    ///   - most: rows there may be in all; 1 or more. With more nodes than that all stages go to `home`.
    init(nodes: [Int], room: [Int: Int], home: Int, most: Int) {
        var stages: [Int: [Int]] = [:]
        let isCrowded = Set(nodes).count > most
        for (stage, node) in nodes.enumerated() { stages[isCrowded ? home : node, default: []].append(stage) }
        let order = stages.keys.sorted()
        var counts = order.map { node in
            min(stages[node]?.count ?? 0, max((room[node] ?? 0) - (node == home ? 1 : 0), 1))
        }
        while counts.reduce(0, +) > most, let largest = counts.max(), let index = counts.lastIndex(of: largest) {
            counts[index] -= 1
        }
        var rows: [Row] = []
        for (node, count) in zip(order, counts) {
            var shares = [[Int]](repeating: [], count: count)
            for (index, stage) in (stages[node] ?? []).enumerated() { shares[index % count].append(stage) }
            rows += shares.map { Row(node: node, stages: $0) }
        }
        self.rows = rows.sorted { $0.stages[0] < $1.stages[0] }
    }
}
