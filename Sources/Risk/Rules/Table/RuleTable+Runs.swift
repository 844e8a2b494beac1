extension RuleTable {
    /// Makes what is evaluated of the slots: counts what each run has, gives each its part of the memory, and fills the
    /// parts from behind (a counting sort), so that a run has its rules in order of identifiers.
    mutating func rebuild() {
        runs.update(repeating: RuleRun(), count: Int(runMask) &+ 1)
        common = RuleRun()
        classes = 0
        neededFields = 0
        for place in 0..<count where slots[place].isEnabled { size(place) }
        classes &= ~1
        worstCost = costOfWorstOrder()
        assignMemory()
        for place in (0..<count).reversed() where slots[place].isEnabled { fill(place) }
    }

    private mutating func size(_ place: Int) {
        let slot = slots[place]
        neededFields |= slot.neededFields
        classes |= 1 &<< UInt8(slot.scope.scopeClass)
        withRun(of: slot.scope) { run in
            run.cost &+= UInt32(slot.cost)
            run.firstSum &+= UInt32(slot.oneFieldCount)
            run.endOfClauses &+= UInt32(slot.sumCount)
            run.machineCount &+= slot.isGroups ? 0 : 1
        }
    }

    private mutating func withRun(of scope: RuleScope, _ body: (inout RuleRun) -> Void) {
        guard scope.scopeClass != 0 else { return body(&common) }
        let place = Int(place(UInt8(scope.scopeClass &+ 1), scope.number, scope.instrument))
        if runs[place].key == 0 { runs[place] = RuleRun(scope) }
        body(&runs[place])
    }

    /// An order meets at most one run of each class: the dearest of each is what it can cost.
    private borrowing func costOfWorstOrder() -> Int {
        var total = Int(common.cost)
        for scopeClass in 1..<RuleScope.classCount where classes & 1 &<< UInt8(scopeClass) != 0 {
            var dearest: UInt32 = 0
            for place in 0...Int(runMask) where Int(runs[place].key) == scopeClass &+ 1 {
                dearest = max(dearest, runs[place].cost)
            }
            total &+= Int(dearest)
        }
        return total
    }

    /// From counts to the ends of the parts, whence they are filled.
    private mutating func assignMemory() {
        var (clause, machine): (UInt32, UInt32) = (0, 0)
        func assign(_ run: inout RuleRun) {
            run.firstClause = clause &+ run.firstSum
            clause = run.firstClause &+ run.endOfClauses
            run.firstSum = clause
            run.endOfClauses = clause
            machine &+= UInt32(run.machineCount)
            run.firstMachine = machine
        }
        assign(&common)
        for place in 0...Int(runMask) where runs[place].key != 0 { assign(&runs[place]) }
    }

    private mutating func fill(_ place: Int) {
        let slot = slots[place]
        let (source, clauses, machines) = (operations(of: place), clauses, machines)
        withRun(of: slot.scope) { run in
            guard slot.isGroups else {
                run.firstMachine &-= 1
                (machines + Int(run.firstMachine)).initialize(
                    to: RuleMachineEntry(identifier: slot.identifier, slot: UInt32(place)))
                return
            }
            var isOneField = false
            for index in (0..<Int(slot.operationCount)).reversed() {
                if source[index].group == RuleOperation.Group.ends.rawValue {
                    isOneField = RuleSlot.isOneField(groupEndingAt: index, source)
                }
                let target = isOneField ? run.firstClause &- 1 : run.firstSum &- 1
                if isOneField { run.firstClause = target } else { run.firstSum = target }
                (clauses + Int(target)).initialize(to: RuleClause(source[index], identifier: slot.identifier))
            }
        }
    }
}
