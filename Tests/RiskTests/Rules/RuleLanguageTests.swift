import Orders
import Risk
import Testing

/// What each operator means, and what binds more strongly.
@Suite struct RuleLanguageTests {
    private func holds(_ condition: String, _ values: [RuleField: Int64] = [:]) throws -> Bool {
        let program = try Rule(parsing: "\(condition) → reject") { $0 == "WSL1" ? 7 : nil }.program
        var fields = [Int64](repeating: 0, count: RuleField.count)
        for (field, value) in values { fields[Int(field.rawValue)] = value }
        let verdict = fields.withUnsafeBufferPointer { program.verdict($0.baseAddress!) }
        #expect(verdict != .notEvaluable)
        return verdict == .breached
    }

    @Test(
        "Comparisons below, at and above",
        arguments: [
            ("<", [true, false, false]), ("<=", [true, true, false]), (">", [false, false, true]),
            (">=", [false, true, true]), ("==", [false, true, false]), ("!=", [true, false, true]),
        ])
    func comparisons(sign: String, expected: [Bool]) throws {
        for (value, expected) in zip([4, 5, 6] as [Int64], expected) {
            // Against a number, from the other side, three times the field, of |field|, on the stack.
            #expect(try holds("price \(sign) 5", [.price: value]) == expected)
            #expect(try holds("quantity \(sign) price", [.quantity: value, .price: 5]) == expected)
            #expect(try holds("5 \(sign) price", [.price: 10 - value]) == expected)
            #expect(try holds("3 * price \(sign) 15", [.price: value]) == expected)
            #expect(try holds("abs(price) \(sign) 5", [.price: -value]) == expected)
            #expect(try holds("abs(2 * price) \(sign) 10", [.price: -value]) == expected)
            #expect(try holds("max(price, 0) \(sign) 5", [.price: value]) == expected)
            #expect(try holds("not price \(sign) 5", [.price: value]) == !expected)
            #expect(try holds("not max(price, 0) \(sign) 5", [.price: value]) == !expected)
        }
    }

    @Test(
        "Conditions that hold with price 7, quantity 3, side −1",
        arguments: [
            // Precedence
            "price + quantity * 2 == 13", "(price + quantity) * 2 == 20", "price - quantity - 2 == 2",
            "price - (quantity - 2) == 6", "price * quantity / 2 == 10", "price / 2 * quantity == 9",
            "-price * quantity == -21", "- -price == 7", "-(price + quantity) == -10", "price - -quantity == 10",
            "price > 1 or price > 100 and quantity > 100", "not (price > 1 and quantity > 100)",
            "not price > 100 and quantity == 3", "not not price == 7", "price > 100 or not quantity > 100",
            "price + 1 > quantity + 1 and quantity < price", "(price > 100 or quantity == 3) and side == sell",
            // Towards zero
            "price / 2 == 3", "-price / 2 == -3", "price / -2 == -3", "-price / -2 == 3", "(price - 9) / 3 == 0",
            "7 / 2 * price == 21", "-7 / 2 * price == -21",
            // Functions
            "abs(quantity - price) == 4", "abs(price - quantity) == 4", "abs(-5) * price == 35",
            "min(price, quantity) == 3", "max(price, quantity) == 7", "min(2, 3) * price == 14",
            "max(min(price, 5), quantity) == 5", "abs(abs(side) - price) == 6",
            // Sums of one field and of four
            "price + price == 14", "price - price + quantity == 3", "7 * price == 49", "8 * price == 56",
            "price + quantity + side + price == 16", "price + quantity + side + firm == 9",
            "2 * (price - quantity) == 8",
            // Numbers
            "price * 1_000 == 7k", "price * 1_000_000 == 7M", "price == 0_7",
            // Words
            "side == sell", "side != buy", "sell == side", "orderType == limit", "(side) == (sell)",
            // Blanks
            "price>1 and quantity>1", "\n price\t>\r\n1 ",
        ])
    func holding(condition: String) throws {
        #expect(try holds(condition, [.price: 7, .quantity: 3, .side: -1]))
        #expect(try !holds("not (\(condition))", [.price: 7, .quantity: 3, .side: -1]))
    }

    @Test("Times of day", arguments: [("0:00", 0), ("7:30", 27_000), ("16:30:05", 59_405), ("23:59:59", 86_399)])
    func times(text: String, seconds: Int64) throws {
        #expect(try holds("timeOfDay == \(text)", [.timeOfDay: seconds]))
        #expect(try !holds("timeOfDay == \(text)", [.timeOfDay: seconds + 1]))
    }

    @Test func everyFieldIsReadFromItsPlaceAndNoOther() throws {
        #expect(RuleField.count == RuleField.allCases.count)
        for (place, field) in RuleField.allCases.enumerated() {
            #expect(Int(field.rawValue) == place)
            let program = try Rule(parsing: "\(field.name) == 9 → reject").program
            #expect(program.neededFields == field.mask)
            #expect(try holds("\(field.name) == 9", [field: 9]))
            #expect(
                try !holds(
                    "\(field.name) != 0",
                    Dictionary(
                        uniqueKeysWithValues: RuleField.allCases.filter { $0 != field }.map { ($0, 9) })))
        }
    }

    @Test func everyWordIsItsValue() throws {
        for name in RuleName.all {
            #expect(try holds("\(name.field.name) == \(name.text)", [name.field: name.value]), "\(name)")
            #expect(try holds("\(name.field.name) != \(name.text)", [name.field: name.value + 1]), "\(name)")
        }
        #expect(Set(RuleName.all.map(\.text)).count == RuleName.all.count)
        #expect(try holds("orderType == stopLimit", [.orderType: Int64(OrderType.stopLimit.rawValue)]))
        #expect(try holds("timeInForce == fok", [.timeInForce: Int64(TimeInForce.fillOrKill.rawValue)]))
        #expect(try holds("action == replace", [.action: Int64(CommandKind.replace.rawValue)]))
        #expect(try holds("phase == halt", [.phase: Int64(TradingPhase.halt.rawValue)]))
        #expect(try holds("instrument == \"WSL1\"", [.instrument: 7]))
    }

    @Test func aRuleCanHaveAName() throws {
        #expect(try Rule(parsing: "price > 1 → reject").name == nil)
        #expect(try Rule(parsing: "small: price > 1 → reject").name == "small")
        #expect(try Rule(parsing: "price:price>1->reject").name == "price")
        #expect(try Rule(parsing: "_n1 : 5 < price -> reject").name == "_n1")
    }

    @Test func aNumberThatDoesNotFitMakesTheRuleNotEvaluable() throws {
        let most = RuleLimits.fieldMagnitude
        func verdict(_ condition: String, price: Int64, quantity: Int64 = 0) throws -> RuleVerdict {
            let program = try Rule(parsing: "\(condition) → reject").program
            var fields = [Int64](repeating: 0, count: RuleField.count)
            fields[Int(RuleField.price.rawValue)] = price
            fields[Int(RuleField.quantity.rawValue)] = quantity
            return fields.withUnsafeBufferPointer { program.verdict($0.baseAddress!) }
        }
        #expect(try verdict("price * quantity > 0", price: most, quantity: 7) == .breached)
        #expect(try verdict("price * quantity > 0", price: most, quantity: 8) == .notEvaluable)
        #expect(try verdict("price * quantity > 0", price: most, quantity: -8) == .passes)
        #expect(try verdict("price * quantity > 0", price: -most, quantity: -8) == .notEvaluable)
        // Where it does not matter as well.
        #expect(try verdict("price == 0 and price * quantity > 0", price: most, quantity: 8) == .notEvaluable)
        #expect(try verdict("price * quantity > 0 and 1 > 2", price: most, quantity: 8) == .notEvaluable)
        #expect(try verdict("price * quantity > 0 and 1 > 2", price: 1, quantity: 8) == .passes)
        #expect(try verdict("-(price * quantity) > 0", price: most, quantity: -8) == .notEvaluable)
        #expect(try verdict("abs(price * quantity) > 0", price: most, quantity: -8) == .notEvaluable)
        #expect(try verdict("price * quantity / -1 > 0", price: most, quantity: -8) == .notEvaluable)
        #expect(try verdict("8 * price > 0", price: most) == .notEvaluable)
        #expect(try verdict("8 * price < 0", price: -most) == .breached)
        #expect(try verdict("7 * price > 0", price: most) == .breached)
    }
}
