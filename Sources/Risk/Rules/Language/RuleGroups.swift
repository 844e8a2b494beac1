/// A condition as an "or" of "and"s (disjunctive normal form).
struct RuleGroups {
    var groups: [[ClauseForm]]

    var operations: [RuleOperation] {
        groups.flatMap { group in
            group.enumerated().map { place, clause in
                var operation = clause.operation
                operation.group = (place == group.count - 1 ? RuleOperation.Group.ends : .goesOn).rawValue
                return operation
            }
        }
    }

    private var count: Int { groups.reduce(0) { $0 + $1.count } }

    fileprivate static func either(_ left: RuleGroups, _ right: RuleGroups) -> RuleGroups? {
        guard left.count + right.count <= RuleLimits.operations else { return nil }
        return RuleGroups(groups: left.groups + right.groups)
    }

    fileprivate static func both(_ left: RuleGroups, _ right: RuleGroups) -> RuleGroups? {
        let count = left.count * right.groups.count + right.count * left.groups.count
        guard count <= RuleLimits.operations else { return nil }
        return RuleGroups(groups: left.groups.flatMap { one in right.groups.map { one + $0 } })
    }
}

extension RuleCompiler {
    /// nil when a part is no condition of a sum, or there would be too many.
    func ruleGroups(_ index: Int, negated: Bool) -> RuleGroups? {
        let meaning = meanings[index]
        if let standIn = meaning.standIn { return ruleGroups(standIn, negated: negated) }
        if case .clause(let clause) = meaning.form { return RuleGroups(groups: [[negated ? clause.negated : clause]]) }
        let node = expression.nodes[index]
        switch node.operation {
        case .not: return ruleGroups(node.left, negated: !negated)
        case .and, .or:
            guard let left = ruleGroups(node.left, negated: negated),
                let right = ruleGroups(node.right, negated: negated)
            else { return nil }
            return (node.operation == .and) != negated ? .both(left, right) : .either(left, right)
        default: return nil
        }
    }
}
