extension RuleTable {
    /// Puts a rule in.
    /// - Parameter identifier: not 0, of no rule that is there; the lowest that refuses an order is the one that is told.
    public mutating func add(
        _ identifier: UInt32, _ program: borrowing RuleProgram, scope: RuleScope = RuleScope(), isEnabled: Bool = true
    ) -> RuleTableOutcome {
        guard identifier != 0, scope.isValid else { return .invalid }
        let place = insertionPlace(of: identifier)
        guard place == count || slots[place].identifier != identifier else { return .duplicateIdentifier }
        guard count < capacity else { return .full }
        move(from: place, by: 1)
        count &+= 1
        write(RuleSlot(identifier, scope, program, isEnabled: isEnabled), program, at: place)
        rebuild()
        guard worstCost <= costBudget else {
            takeOut(place)
            return .overBudget
        }
        return .done
    }

    /// Puts another program and scope in the place of a rule's; it stays switched on or off.
    public mutating func replace(
        _ identifier: UInt32, _ program: borrowing RuleProgram, scope: RuleScope = RuleScope()
    ) -> RuleTableOutcome {
        guard let place = place(of: identifier) else { return .unknownIdentifier }
        guard scope.isValid else { return .invalid }
        copy(place, to: capacity)
        write(RuleSlot(identifier, scope, program, isEnabled: slots[place].isEnabled), program, at: place)
        rebuild()
        guard worstCost <= costBudget else {
            copy(capacity, to: place)
            rebuild()
            return .overBudget
        }
        return .done
    }

    public mutating func remove(_ identifier: UInt32) -> RuleTableOutcome {
        guard let place = place(of: identifier) else { return .unknownIdentifier }
        takeOut(place)
        return .done
    }

    /// Switches a rule on or off. One that is off costs nothing, and may find no room when it comes back.
    public mutating func setEnabled(_ identifier: UInt32, _ isEnabled: Bool) -> RuleTableOutcome {
        guard let place = place(of: identifier) else { return .unknownIdentifier }
        let before = slots[place].isEnabled
        slots[place].isEnabled = isEnabled
        rebuild()
        guard worstCost <= costBudget else {
            slots[place].isEnabled = before
            rebuild()
            return .overBudget
        }
        return .done
    }

    // MARK: Reading

    /// A rule of the table, copied.
    public struct Entry: Sendable, Equatable {
        public let identifier: UInt32
        public let scope: RuleScope
        public let isEnabled: Bool
        public let program: RuleProgram
    }

    /// The rule at a place in order of identifiers, for lists and snapshots. Allocates.
    /// - Parameter place: below `count`.
    public borrowing func entry(at place: Int) -> Entry {
        precondition((0..<count).contains(place), "there is no rule at place \(place)")
        let slot = slots[place]
        let program = UnsafeBufferPointer(start: operations(of: place), count: Int(slot.operationCount))
        return Entry(
            identifier: slot.identifier, scope: slot.scope, isEnabled: slot.isEnabled,
            program: RuleProgram(verified: Array(program)))
    }

    /// nil for one that is not there.
    borrowing func place(of identifier: UInt32) -> Int? {
        let place = insertionPlace(of: identifier)
        return place < count && slots[place].identifier == identifier ? place : nil
    }

    /// The first place with an identifier not below this one.
    private borrowing func insertionPlace(of identifier: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) / 2
            if slots[middle].identifier < identifier { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    // MARK: Moving

    private mutating func takeOut(_ place: Int) {
        move(from: place &+ 1, by: -1)
        count &-= 1
        rebuild()
    }

    /// Moves the rules from a place on.
    private func move(from place: Int, by distance: Int) {
        let moved = count &- place
        (slots + (place &+ distance)).update(from: slots + place, count: moved)
        operations(of: place &+ distance).update(from: operations(of: place), count: moved &* RuleLimits.operations)
    }

    private func copy(_ place: Int, to other: Int) {
        slots[other] = slots[place]
        operations(of: other).update(from: operations(of: place), count: RuleLimits.operations)
    }

    private func write(_ slot: RuleSlot, _ program: borrowing RuleProgram, at place: Int) {
        (slots + place).initialize(to: slot)
        let target = operations(of: place)
        for (index, operation) in program.operations.enumerated() { (target + index).initialize(to: operation) }
    }
}
