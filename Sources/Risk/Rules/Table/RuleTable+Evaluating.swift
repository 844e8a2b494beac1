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
        let first = breach(in: common, fields, before: .max)
        if classes == 0 { return first &+ 1 == 0 ? 0 : first }
        var scoped = first
        scopedBreach(1, 0, instrument, fields, &scoped)
        scopedBreach(2, session, 0, fields, &scoped)
        scopedBreach(3, session, instrument, fields, &scoped)
        scopedBreach(4, account, 0, fields, &scoped)
        scopedBreach(5, account, instrument, fields, &scoped)
        scopedBreach(6, firm, 0, fields, &scoped)
        scopedBreach(7, firm, instrument, fields, &scoped)
        return scoped &+ 1 == 0 ? 0 : scoped
    }

    @inlinable @inline(__always) borrowing func scopedBreach(
        _ scopeClass: UInt8, _ number: UInt32, _ instrument: UInt32, _ fields: UnsafePointer<Int64>,
        _ first: inout UInt32
    ) {
        guard classes & 1 &<< scopeClass != 0 else { return }
        first = breach(in: runs[Int(place(scopeClass &+ 1, number, instrument))], fields, before: first)
    }

    /// Where a run is, or the empty place where it would be: an empty run has no rules.
    @inlinable @inline(__always) borrowing func place(_ key: UInt8, _ number: UInt32, _ instrument: UInt32) -> UInt32 {
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
        let sums = UnsafePointer(clauses) + Int(run.firstSum)
        let end = UnsafePointer(clauses) + Int(run.endOfClauses)
        var state = RuleGroupState()
        while clause != sums {
            state.take(clause.pointee.missesOneField(fields), goesOn: clause.pointee.goesOn)
            clause += 1
        }
        while clause != end {
            state.take(clause.pointee.misses(fields), goesOn: clause.pointee.goesOn)
            clause += 1
        }
        var lowest = first
        if state.isBreached != 0 { lowest = clauseBreach(in: run, fields, before: first) }
        if run.machineCount != 0 { lowest = machineBreach(in: run, fields, before: lowest) }
        return lowest
    }

    /// Of a run with a breach.
    @usableFromInline @inline(never) borrowing func clauseBreach(
        in run: RuleRun, _ fields: UnsafePointer<Int64>, before first: UInt32
    ) -> UInt32 {
        var lowest = first
        var state = RuleGroupState()
        for index in Int(run.firstClause)..<Int(run.endOfClauses) {
            let clause = clauses + index
            state.take(clause.pointee.misses(fields), goesOn: clause.pointee.goesOn)
            if state.isBreached != 0 { lowest = min(lowest, clause.pointee.identifier) }
            state.isBreached = 0
        }
        return lowest
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
