import Orders
import Risk
import Runtime
import TestSupport
import Testing

@Suite struct RuleTableTests {
    private static func program(_ condition: String) throws -> RuleProgram {
        try Rule(parsing: "\(condition) → reject").program
    }

    private static func fields(_ values: [RuleField: Int64] = [:]) -> [Int64] {
        var fields = [Int64](repeating: 0, count: RuleField.count)
        for (field, value) in values { fields[Int(field.rawValue)] = value }
        return fields
    }

    private static func breach(
        _ table: borrowing RuleTable, _ fields: [Int64], session: UInt32 = 1, account: UInt32 = 2, firm: UInt32 = 3,
        instrument: UInt32 = 4
    ) -> UInt32 {
        fields.withUnsafeBufferPointer {
            table.firstBreach(
                fields: $0.baseAddress!, session: session, account: account, firm: firm, instrument: instrument)
        }
    }

    @Test func theLowestIdentifierOfThoseThatRefuseIsTold() throws {
        var table = RuleTable(capacity: 8, costBudget: 1_000)
        let order = Self.fields([.price: 10, .quantity: 5])
        #expect(Self.breach(table, order) == 0)
        #expect(table.add(30, try Self.program("price > 1")) == .done)
        #expect(table.add(20, try Self.program("price * quantity > 49")) == .done)
        #expect(table.add(10, try Self.program("price > 10")) == .done)
        #expect(table.add(25, try Self.program("price + quantity > 1"), scope: RuleScope(.firm, 3)) == .done)
        #expect(Self.breach(table, order) == 20)
        #expect(table.remove(20) == .done)
        #expect(Self.breach(table, order) == 25)
        #expect(Self.breach(table, order, firm: 4) == 30)
        #expect(table.add(.max, try Self.program("price == 9")) == .done)
        #expect(Self.breach(table, Self.fields([.price: 9])) == 25)
        #expect(table.remove(25) == .done && table.remove(30) == .done)
        #expect(Self.breach(table, Self.fields([.price: 11])) == 10)
    }

    @Test func eachScopeMeetsItsOwnOrders() throws {
        let scopes: [(RuleScope, (UInt32, UInt32, UInt32, UInt32))] = [
            (RuleScope(), (9, 9, 9, 9)), (RuleScope(instrument: 4), (9, 9, 9, 4)),
            (RuleScope(.session, 1), (1, 9, 9, 9)), (RuleScope(.session, 1, instrument: 4), (1, 9, 9, 4)),
            (RuleScope(.account, 2), (9, 2, 9, 9)), (RuleScope(.account, 2, instrument: 4), (9, 2, 9, 4)),
            (RuleScope(.firm, 3), (9, 9, 3, 9)), (RuleScope(.firm, 3, instrument: 4), (9, 9, 3, 4)),
        ]
        for (scope, ids) in scopes {
            for condition in ["price > 1", "price + quantity > 1", "price * price > 1"] {
                var table = RuleTable(capacity: 1, costBudget: 100)
                #expect(table.add(7, try Self.program(condition), scope: scope) == .done)
                func breach(_ ids: (UInt32, UInt32, UInt32, UInt32)) -> UInt32 {
                    Self.breach(
                        table, Self.fields([.price: 2]), session: ids.0, account: ids.1, firm: ids.2, instrument: ids.3)
                }
                #expect(breach(ids) == 7, "\(scope)")
                #expect(breach((1, 2, 3, 4)) == 7, "\(scope)")
                // One number too many, everywhere.
                #expect(breach((2, 3, 4, 5)) == (scope == RuleScope() ? 7 : 0), "\(scope)")
                #expect(table.setEnabled(7, false) == .done)
                #expect(breach(ids) == 0, "\(scope)")
                #expect(table.neededFields == 0)
            }
        }
    }

    @Test func changesThatCannotBeLeaveTheTableAsItWas() throws {
        var table = RuleTable(capacity: 2, costBudget: 10)
        let small = try Self.program("price > 1")
        let machine = try Self.program("price * price > 1")
        #expect(machine.cost == 18)
        #expect(table.add(0, small) == .invalid)
        #expect(table.add(1, small, scope: RuleScope(.any, 5)) == .invalid)
        #expect(table.add(1, small, scope: RuleScope(.account, 0)) == .invalid)
        #expect(table.remove(1) == .unknownIdentifier)
        #expect(table.replace(1, small) == .unknownIdentifier)
        #expect(table.setEnabled(1, true) == .unknownIdentifier)
        #expect(table.add(1, small) == .done)
        #expect(table.add(1, small) == .duplicateIdentifier)
        var before = StateHash()
        table.combine(into: &before)
        #expect(table.add(2, machine) == .overBudget)
        #expect(table.replace(1, machine) == .overBudget)
        #expect(table.replace(1, small, scope: RuleScope(.any, 5)) == .invalid)
        #expect(table.add(2, machine, isEnabled: false) == .done)
        #expect(table.setEnabled(2, true) == .overBudget)
        #expect(table.add(3, small) == .full)
        #expect(Self.breach(table, Self.fields([.price: 2])) == 1)
        #expect(table.remove(2) == .done)
        var after = StateHash()
        table.combine(into: &after)
        #expect(before == after)
        #expect(table.count == 1 && table.worstCost == 1)
        #expect(table.entry(at: 0).program == small)
    }

    @Test func theBudgetIsThatOfTheDearestOrder() throws {
        var table = RuleTable(capacity: 64, costBudget: 8)
        let one = try Self.program("price > 1")
        let three = try Self.program("price == 1 or price == 2 or price == 3")
        #expect(table.add(1, three) == .done)
        // Sessions do not meet one another's rules.
        for session in 1...20 as ClosedRange<UInt32> {
            #expect(table.add(100 + session, three, scope: RuleScope(.session, session)) == .done)
        }
        #expect(table.worstCost == 6)
        #expect(table.add(2, one, scope: RuleScope(.account, 5)) == .done)
        #expect(table.add(3, one, scope: RuleScope(instrument: 5)) == .done)
        #expect(table.worstCost == 8)
        #expect(table.add(4, one, scope: RuleScope(instrument: 6)) == .done)
        #expect(table.add(5, one, scope: RuleScope(instrument: 6)) == .overBudget)
        #expect(table.add(5, one, scope: RuleScope(.firm, 6)) == .overBudget)
        #expect(table.add(5, one, scope: RuleScope(.session, 20)) == .overBudget)
        #expect(table.setEnabled(3, false) == .done && table.worstCost == 8)
        #expect(table.remove(4) == .done && table.worstCost == 7)
        #expect(table.replace(1, one) == .done && table.worstCost == 5)
    }

    @Test func aRuleThatIsNotEvaluableRefuses() throws {
        var table = RuleTable(capacity: 4, costBudget: 100)
        #expect(table.add(1, try Self.program("price * quantity < 0")) == .done)
        let order = Self.fields([.price: RuleLimits.fieldMagnitude, .quantity: 8])
        #expect(Self.breach(table, order) == 1)
        order.withUnsafeBufferPointer {
            #expect(table.verdict(of: 1, fields: $0.baseAddress!) == .notEvaluable)
            #expect(table.verdict(of: 2, fields: $0.baseAddress!) == nil)
        }
    }

    @Test func neededFieldsAreThoseOfEnabledRules() throws {
        var table = RuleTable(capacity: 4, costBudget: 100)
        #expect(table.add(1, try Self.program("price > 1 and side == buy"), scope: RuleScope(.session, 1)) == .done)
        #expect(table.add(2, try Self.program("min(openOrders, quantity) > 1")) == .done)
        #expect(
            table.neededFields == RuleField.price.mask | RuleField.side.mask | RuleField.openOrders.mask
                | RuleField.quantity.mask)
        #expect(table.setEnabled(1, false) == .done)
        #expect(table.neededFields == RuleField.openOrders.mask | RuleField.quantity.mask)
    }

    @Test("Random changes and orders against a list of rules", arguments: [1, 2, 3, 4] as [UInt64])
    func againstAList(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var table = RuleTable(capacity: 24, costBudget: 90)
        var twin = RuleTable(capacity: 24, costBudget: 90)
        var list: [UInt32: (scope: RuleScope, program: RuleProgram, isEnabled: Bool)] = [:]
        var outcomes: [RuleTableOutcome: Int] = [:]
        var breaches = 0
        for _ in 0..<4_000 {
            let identifier = UInt32(random.next(below: 40))
            let kind = RuleScope.Kind.allCases[random.next(below: 4)]
            let number = UInt32(random.next(below: 10) == 0 ? 1 : kind == .any ? 0 : 1 + random.next(below: 2))
            let scope = RuleScope(kind, number, instrument: UInt32(random.next(below: 3)))
            guard let program = try? Rule(parsing: NaiveRule.random(&random, depth: 2).text).program else { continue }
            let isEnabled = random.next(below: 2) == 0
            let before = Self.hash(table)
            let outcome: RuleTableOutcome
            switch random.next(below: 6) {
            case 0...2:
                outcome = table.add(identifier, program, scope: scope, isEnabled: isEnabled)
                if outcome == .done { list[identifier] = (scope, program, isEnabled) }
            case 3:
                outcome = table.replace(identifier, program, scope: scope)
                if outcome == .done { list[identifier] = (scope, program, list[identifier]?.isEnabled ?? false) }
            case 4:
                outcome = table.remove(identifier)
                if outcome == .done { list[identifier] = nil }
            default:
                outcome = table.setEnabled(identifier, isEnabled)
                if outcome == .done { list[identifier]?.isEnabled = isEnabled }
            }
            outcomes[outcome, default: 0] += 1
            #expect((outcome == .done) || Self.hash(table) == before)
            #expect(table.count == list.count && table.worstCost <= 90)
            for _ in 0..<4 {
                let fields = NaiveRule.randomFields(&random)
                let ids = (0..<4).map { _ in UInt32(random.next(below: 4)) }
                let expected =
                    list.filter { _, rule in
                        let numbers: [RuleScope.Kind: UInt32] = [
                            .any: 0, .session: ids[0], .account: ids[1], .firm: ids[2],
                        ]
                        return rule.isEnabled && numbers[rule.scope.kind] == rule.scope.number
                            && (rule.scope.instrument == 0 || rule.scope.instrument == ids[3])
                            && fields.withUnsafeBufferPointer { rule.program.verdict($0.baseAddress!) } != .passes
                    }.keys.min() ?? 0
                let told = Self.breach(
                    table, fields, session: ids[0], account: ids[1], firm: ids[2], instrument: ids[3])
                guard told == expected else {
                    Issue.record("\(told) instead of \(expected)")
                    return
                }
                breaches += told == 0 ? 0 : 1
            }
        }
        // Built anew from its entries it is the same.
        for place in (0..<table.count).reversed() {
            let entry = table.entry(at: place)
            let outcome = twin.add(entry.identifier, entry.program, scope: entry.scope, isEnabled: entry.isEnabled)
            #expect(outcome == .done)
        }
        #expect(Self.hash(twin) == Self.hash(table))
        #expect(RuleTableOutcome.allCases.allSatisfy { $0 == .full || outcomes[$0, default: 0] > 5 }, "\(outcomes)")
        #expect(breaches > 2_000, "\(breaches)")
    }

    private static func hash(_ table: borrowing RuleTable) -> UInt64 {
        var hash = StateHash()
        table.combine(into: &hash)
        return hash.value
    }
}
