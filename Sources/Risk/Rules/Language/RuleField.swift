/// What a rule can ask about: one value each of the order, its market, and the account it is for.
///
/// Raw values are places in the array of fields that the gate fills, and part of the journal: never renumber, at most 48.
/// The gate fills those of `neededFields` before it asks; each value is within ±2⁶⁰ (`RuleLimits.fieldMagnitude`). Prices
/// are in ticks, quantities and positions in lots, credit and profit in money: ticks × lots × the instrument's tick value.
@frozen public enum RuleField: UInt8, CaseIterable, Sendable {
    // The order
    /// Limit price; 0 for an order without one.
    case price = 0
    case quantity = 1
    /// |price| × quantity, of an order without a limit price |reference price| × quantity.
    case notional = 2
    /// +1 buy, −1 sell.
    case side = 3
    case instrument = 4
    case session = 5
    case account = 6
    case firm = 7
    /// `OrderType`.
    case orderType = 8
    /// `TimeInForce`.
    case timeInForce = 9
    /// `CommandKind`: a new order, a replace or a quote.
    case action = 10
    /// Shown part of an iceberg; 0: all of it.
    case displayQuantity = 11
    case minimumQuantity = 12
    /// Of a stop order; 0 for others.
    case triggerPrice = 13
    // The market
    /// Last trade, before the first one the configured price.
    case referencePrice = 14
    /// |price − reference price|; 0 for an order without a limit price.
    case distance = 15
    /// `TradingPhase` of the instrument.
    case phase = 16
    /// Since midnight UTC, of the command's time.
    case timeOfDay = 17
    // The account in the order's instrument
    /// Bought less sold.
    case position = 18
    /// Quantity of live buy orders, without this order.
    case openBuy = 19
    case openSell = 20
    /// |position + open on the order's side, this order included|: where the account is if all of it trades.
    case worstPosition = 21
    // The account over all instruments
    case openOrders = 22
    /// Sum over the instruments of the worse side: long if all open buys traded, short if all open sells did.
    case grossPosition = 23
    case netPosition = 24
    /// Credit that live orders and positions hold.
    case reservedCredit = 25
    case availableCredit = 26
    /// Of closed positions; a loss is negative.
    case realisedProfit = 27
    /// Of open positions at the mark.
    case unrealisedProfit = 28
    /// How far profit is below its highest; not negative.
    case drawdown = 29
    /// Loss of today, realised and not; 0 in profit.
    case lossToday = 30
    case messagesToday = 31
    case ordersToday = 32
    case cancelsToday = 33
    /// Both sides.
    case tradedToday = 34
    case tradedNotionalToday = 35
    /// Orders refused by the gate.
    case rejectsToday = 36
    /// In the second of the command's time.
    case messagesThisSecond = 37
    case ordersThisSecond = 38

    /// How many there are; the array of fields has this many entries.
    @inlinable public static var count: Int { 39 }

    /// Bit of `neededFields`.
    @inlinable public var mask: UInt64 { 1 &<< UInt64(rawValue) }

    /// As it is written in a rule.
    public var name: String { Self.names[Int(rawValue)] }

    private static let names = allCases.map { field in
        switch field {
        case .position: "position(instrument)"
        case .openBuy: "open(buy)"
        case .openSell: "open(sell)"
        default: String(describing: field)
        }
    }

    static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// Those with something in parentheses, by the word before it.
    static let qualified = Dictionary(grouping: allCases.filter { $0.name.hasSuffix(")") }) {
        String($0.name.prefix { $0 != "(" })
    }

    public var unit: String {
        switch self {
        case .price, .triggerPrice, .referencePrice, .distance: "ticks"
        case .quantity, .displayQuantity, .minimumQuantity, .position, .openBuy, .openSell, .worstPosition,
            .grossPosition, .netPosition, .tradedToday:
            "lots"
        case .notional, .tradedNotionalToday, .reservedCredit, .availableCredit, .realisedProfit, .unrealisedProfit,
            .drawdown, .lossToday:
            "ticks × lots"
        case .side: "+1, −1"
        case .instrument, .session, .account, .firm: "identifier"
        case .orderType, .timeInForce, .action, .phase: "name"
        case .timeOfDay: "seconds"
        case .openOrders, .messagesToday, .ordersToday, .cancelsToday, .rejectsToday, .ordersThisSecond,
            .messagesThisSecond:
            "count"
        }
    }
}
