extension RuleTable {
    /// The rule with the lowest identifier of those that refuse an order; 0 when none does. A rule that is not evaluable
    /// refuses too (`verdict(of:fields:)` says so).
    ///
    /// Cost: at most `worstCost`; conditions of sums are evaluated without a branch, whatever the order.
    /// - Parameters:
    ///   - fields: `RuleField.count` values, those of `neededFields` filled.
    ///   - session, account, firm, instrument: of the order.
    @inlinable public borrowing func firstBreach(
        fields: UnsafePointer<Int64>, session: UInt32, account: UInt32, firm: UInt32, instrument: UInt32
    ) -> UInt32 {
        var first = breach(in: common, fields, before: .max)
        var left = classes
        while left != 0 {
            let scopeClass = left.trailingZeroBitCount
            left &= left &- 1
            let number: UInt32 =
                switch scopeClass &>> 1 {
                case 0: 0
                case 1: session
                case 2: account
                default: firm
                }
            let key = UInt32(truncatingIfNeeded: scopeClass) &+ 1
            let place = place(key, number, scopeClass & 1 == 0 ? 0 : instrument)
            first = breach(in: runs[Int(place)], fields, before: first)
        }
        return first == .max ? 0 : first
    }

    /// Where a run is, or the empty place where it would be: an empty run has no rules.
    @inlinable @inline(__always) borrowing func place(_ key: UInt32, _ number: UInt32, _ instrument: UInt32) -> UInt32 {
        var place = RuleRun.hash(key, number, instrument) & runMask
        while true {
            let run = runs + Int(place)
            let isIt = run.pointee.key == key && run.pointee.number == number && run.pointee.instrument == instrument
            if isIt || run.pointee.key == 0 { return place }
            place = (place &+ 1) & runMask
        }
    }

    /// The lower of `first` and the first rule of a run that refuses.
    @inlinable @inline(__always) borrowing func breach(
        in run: RuleRun, _ fields: UnsafePointer<Int64>, before first: UInt32
    ) -> UInt32 {
        var clause = UnsafePointer(clauses) + Int(run.firstClause)
        let end = clause + Int(run.clauseCount)
        var isBreached: UInt8 = 0
        var holds: UInt8 = 1
        while clause != end {
            holds &= clause.pointee.holds(fields)
            isBreached |= holds & clause.pointee.ends
            holds |= clause.pointee.ends
            clause += 1
        }
        var lowest = first
        if isBreached != 0 { lowest = firstClauseBreach(in: run, fields, before: first) }
        if run.machineCount != 0 { lowest = machineBreach(in: run, fields, before: lowest) }
        return lowest
    }

    /// Of a run with a breach.
    @usableFromInline @inline(never) borrowing func firstClauseBreach(
        in run: RuleRun, _ fields: UnsafePointer<Int64>, before first: UInt32
    ) -> UInt32 {
        var holds: UInt8 = 1
        for index in 0..<Int(run.clauseCount) {
            let clause = clauses + Int(run.firstClause) + index
            holds &= clause.pointee.holds(fields)
            if holds & clause.pointee.ends != 0 { return min(first, clause.pointee.identifier) }
            holds |= clause.pointee.ends
        }
        return first
    }

    @usableFromInline @inline(never) borrowing func machineBreach(
        in run: RuleRun, _ fields: UnsafePointer<Int64>, before first: UInt32
    ) -> UInt32 {
        for index in 0..<Int(run.machineCount) {
            let entry = machines[Int(run.firstMachine) + index]
            if entry.identifier >= first { break }
            let place = Int(entry.slot)
            let verdict = RuleMachine.runStack(
                operations(of: place), count: Int(slots[place].operationCount), fields: fields, stack: stack)
            if verdict != .passes { return entry.identifier }
        }
        return first
    }

    /// What one rule says, switched off or not, whatever its scope; nil: there is no such rule.
    public borrowing func verdict(of identifier: UInt32, fields: UnsafePointer<Int64>) -> RuleVerdict? {
        guard let place = place(of: identifier) else { return nil }
        let slot = slots[place]
        let count = Int(slot.operationCount)
        return slot.isGroups
            ? RuleMachine.runGroups(operations(of: place), count: count, fields: fields)
            : RuleMachine.runStack(operations(of: place), count: count, fields: fields, stack: stack)
    }
}
