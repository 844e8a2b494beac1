extension RuleTable {
    /// Makes what is evaluated of the slots: sizes the runs, gives each its part of the memory, and fills them in order of
    /// identifiers.
    mutating func rebuild() {
        runs.update(repeating: RuleRun(), count: Int(runMask) &+ 1)
        common = RuleRun()
        classes = 0
        neededFields = 0
        for place in 0..<count where slots[place].isEnabled {
            let slot = slots[place]
            neededFields |= slot.neededFields
            withRun(of: slot.scope) { run in
                run.cost &+= UInt32(slot.cost)
                if slot.isGroups { run.clauseCount &+= UInt32(slot.operationCount) } else { run.machineCount &+= 1 }
            }
            classes |= 1 &<< UInt8(slot.scope.scopeClass)
        }
        classes &= ~1
        worstCost = costOfWorstOrder()
        assignMemory()
        for place in 0..<count where slots[place].isEnabled { fill(place) }
    }

    private mutating func withRun(of scope: RuleScope, _ body: (inout RuleRun) -> Void) {
        guard scope.scopeClass != 0 else { return body(&common) }
        let place = Int(place(UInt32(scope.scopeClass) &+ 1, scope.number, scope.instrument))
        if runs[place].key == 0 { runs[place] = RuleRun(scope) }
        body(&runs[place])
    }

    /// An order meets at most one run of each class: the dearest of each is what it can cost.
    private borrowing func costOfWorstOrder() -> Int {
        var total = Int(common.cost)
        var left = classes
        while left != 0 {
            let key = UInt32(left.trailingZeroBitCount) &+ 1
            left &= left &- 1
            var dearest: UInt32 = 0
            for place in 0...Int(runMask) where runs[place].key == key { dearest = max(dearest, runs[place].cost) }
            total &+= Int(dearest)
        }
        return total
    }

    /// Counts become 0 again: filling counts anew.
    private mutating func assignMemory() {
        var (clause, machine): (UInt32, UInt32) = (0, 0)
        func assign(_ run: inout RuleRun) {
            run.firstClause = clause
            run.firstMachine = machine
            clause &+= run.clauseCount
            machine &+= run.machineCount
            run.clauseCount = 0
            run.machineCount = 0
        }
        assign(&common)
        for place in 0...Int(runMask) where runs[place].key != 0 { assign(&runs[place]) }
    }

    private mutating func fill(_ place: Int) {
        let slot = slots[place]
        let (source, clauses, machines) = (operations(of: place), clauses, machines)
        withRun(of: slot.scope) { run in
            guard slot.isGroups else {
                (machines + Int(run.firstMachine &+ run.machineCount)).initialize(
                    to: RuleMachineEntry(identifier: slot.identifier, slot: UInt32(place)))
                run.machineCount &+= 1
                return
            }
            for index in 0..<Int(slot.operationCount) {
                (clauses + Int(run.firstClause &+ run.clauseCount)).initialize(
                    to: RuleClause(source[index], identifier: slot.identifier))
                run.clauseCount &+= 1
            }
        }
    }
}
