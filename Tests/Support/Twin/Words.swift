import Orders

/// Commands and reports as a person reads them.
extension Command {
    public var words: String {
        var words = ["\(sequence)", "t\(timestampNanoseconds)", "\(kind)"]
        if session != 0 { words.append("session \(session)") }
        if kind != .terms { words.append("instrument \(instrument)") }
        switch kind {
        case .newOrder, .quote:
            words += ["#\(clientOrderID)", "\(side)", "\(quantity)@\(price)", "\(timeInForce)", traits.words]
            if flags & Command.hasTerms != 0 { words.append("with terms") }
        case .cancel: words.append("#\(originalClientOrderID), request #\(clientOrderID)")
        case .replace:
            words.append("#\(originalClientOrderID) by #\(clientOrderID) \(quantity)@\(price)")
            if flags & Command.quantityIsLeaves != 0 { words.append("left") }
        case .terms:
            let terms = OrderTerms(self)
            words.append("trigger \(terms.triggerPrice) offset \(terms.offset) until \(terms.expireTimeNanoseconds)")
            words.append("minimum \(terms.minimumQuantity) range \(terms.peakRange)")
        case .massCancel:
            words.append("of \(clientOrderID) \(side)")
            if flags & Command.hasPriceRange != 0 {
                words.append("from \(Int64(bitPattern: originalClientOrderID)) to \(price)")
            }
        case .phase: words.append(TradingPhase(rawValue: flags).map { "\($0)" } ?? "number \(flags)")
        case .setInstrument:
            let parameter = InstrumentParameter(rawValue: flags & ~InstrumentParameter.secondBook)
            words.append(parameter.map { "\($0)" } ?? "number \(flags)")
            if flags & InstrumentParameter.secondBook != 0 { words.append("of the second book") }
            words.append("price \(price) original \(Int64(bitPattern: originalClientOrderID))")
            words.append("id \(clientOrderID) quantity \(quantity)")
        case .sessionTerminated: words.append("flags \(flags)")
        case .none, .sessionEstablished, .checkpoint, .timer, .indicate: break
        case .rule: words.append("rule \(price) action \(flags)")
        case .setRisk: words.append("parameter \(flags) scope \(clientOrderID) value \(price)")
        }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension OrderTraits {
    public var words: String {
        var words: [String] = []
        if let type { if type != .limit { words.append("\(type)") } } else { words.append("type \(rawValue & 0xFF)") }
        let names = ["hidden", "allOrNone", "postOnly", "slide", "randomPeak", "secondBook"]
        words += names.enumerated().filter { conditions.rawValue & 1 << $0.offset != 0 }.map(\.element)
        if displayQuantity > 0 { words.append("shows \(displayQuantity)") }
        if let selfTrade { if selfTrade != .none { words.append("\(selfTrade)\(byFirm ? " by firm" : "")") } }
        if hasUnknownBits || selfTrade == nil { words.append("raw \(String(rawValue, radix: 16))") }
        return words.joined(separator: " ")
    }
}

extension ExecutionReport {
    public var words: String {
        var words = [
            "\(kind)", "session \(session)", "instrument \(instrument)", "order \(orderID)", "#\(clientOrderID)",
        ]
        if originalClientOrderID != 0 { words.append("was #\(originalClientOrderID)") }
        words.append("\(side)")
        if lastQuantity != 0 { words.append(executionID != 0 ? "traded \(lastQuantity)" : "of \(lastQuantity)") }
        words.append("@\(price) left \(leavesQuantity) done \(cumulativeQuantity)")
        if executionID != 0 { words.append("trade \(executionID)") }
        if clientSequence != 0 { words.append("answers \(clientSequence)") }
        if reason != .none { words.append("\(reason)") }
        if flags != [] { words.append("flags \(flags.rawValue)") }
        words.append("[\(sequence) t\(timestampNanoseconds)]")
        return words.joined(separator: " ")
    }
}
