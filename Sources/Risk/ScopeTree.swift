import Orders

/// The scopes of a set of sessions as nodes, each behind its parent, and each session's narrowest.
struct ScopeTree {
    private(set) var nodes = [RiskNode(.venue, parent: RiskNode.none, hasPositions: true)]
    private(set) var leaves: [RiskGate.Leaf]
    private var numbers: [RiskScope: UInt32] = [.venue: 0]

    init(_ members: [RiskMembership]) {
        let sessions = members.map(\.session).max() ?? 0
        precondition(sessions < 1 << 24, "session numbers are below 2²⁴")
        leaves = Array(repeating: RiskGate.Leaf(), count: Int(sessions) + 1)
        for member in members {
            var holder: UInt32 = 0
            if let firm = member.firm { holder = node(RiskScope(.firm, firm), below: 0, hasPositions: true) }
            holder = node(RiskScope(.account, member.account), below: holder, hasPositions: true)
            var leaf = node(RiskScope(.user, member.user), below: holder, hasPositions: false)
            if let strategy = member.strategy {
                leaf = node(RiskScope(.strategy, strategy), below: leaf, hasPositions: false)
            }
            leaves[Int(member.session)] = RiskGate.Leaf(node: leaf, holder: holder)
        }
    }

    private mutating func node(_ scope: RiskScope, below parent: UInt32, hasPositions: Bool) -> UInt32 {
        if let number = numbers[scope] {
            precondition(nodes[Int(number)].parent == parent, "a scope belongs to two wider ones")
            return number
        }
        let number = UInt32(nodes.count)
        nodes.append(RiskNode(scope, parent: parent, hasPositions: hasPositions))
        numbers[scope] = number
        return number
    }
}
