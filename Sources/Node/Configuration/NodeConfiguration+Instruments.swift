import Orders

extension NodeConfiguration.Instrument {
    init(_ section: ConfigurationSection) {
        let prices = -Int(InstrumentSpecification.priceBound)...Int(InstrumentSpecification.priceBound)
        let lowest = section.integer("minimumPrice", default: 1, in: prices, unit: "ticks")
        let highest = section.integer("maximumPrice", in: prices, unit: "ticks")
        let reference = section.integer("referencePrice", in: prices, unit: "ticks")
        specification = InstrumentSpecification(
            id: UInt32(section.integer("id", in: 1...Int(UInt32.max))),
            symbol: section.text("symbol", expected: "the instrument's symbol", write: "symbol: WSL"),
            minimumPrice: Int64(lowest), maximumPrice: Int64(highest), referencePrice: Int64(reference),
            maximumOrders: section.integer(
                "maximumOrders", default: Limits.defaultOrdersPerInstrument, in: 16...Limits.maximumOrdersPerInstrument)
        )
        specification.readSharing(section)
        specification.readMarket(section)
        shard = section.has("shard") ? section.integer("shard", in: 0...Limits.maximumShards - 1) : nil
        let limits = section.section("risk", required: true, write: "risk:")
        risk = RiskLimits(
            maximumQuantity: UInt32(limits.integer("maximumQuantity", in: 1...Int(Int32.max), unit: "lots")),
            maximumNotional: UInt64(limits.integer("maximumNotional", in: 1...Int.max, unit: "ticks × lots")),
            collarTicks: UInt64(limits.integer("collarTicks", in: 0...1_000_000_000_000, unit: "ticks")))
        limits.finish()
        section.finish()
    }
}

extension InstrumentSpecification {
    private enum Switch: String, CaseIterable { case on, off }

    /// How levels are shared out; the parameters hold for both books.
    fileprivate mutating func readSharing(_ section: ConfigurationSection) {
        let lots = 0...Int(Int32.max)
        let first = Self.algorithm("algorithm", default: .fifo, section) ?? .fifo
        let second = section.has("secondAlgorithm") ? Self.algorithm("secondAlgorithm", default: nil, section) : nil
        let topMinimum = UInt32(section.integer("topMinimum", default: 1, in: lots, unit: "lots"))
        let topMaximum = UInt32(section.integer("topMaximum", default: 0, in: lots, unit: "lots"))
        let fifoPercent = UInt8(section.integer("fifoPercent", default: 0, in: 0...100))
        let leveling = section.choice("leveling", default: Switch.off) == .on
        let smallest =
            section.has("minimumAllocation")
            ? UInt32(section.integer("minimumAllocation", in: lots, unit: "lots")) : nil
        func rule(_ algorithm: MatchingAlgorithm) -> AllocationRule {
            AllocationRule(
                algorithm, topMinimum: topMinimum, topMaximum: topMaximum, fifoPercent: fifoPercent,
                minimumAllocation: smallest, leveling: leveling)
        }
        allocation = rule(first)
        secondAllocation = second.map(rule)
        marketMakers = section.sections(
            "marketMakers", required: false, write: "marketMakers: [{session: 5, percent: 40}]"
        ).map { row in
            defer { row.finish() }
            return MarketMaker(
                session: UInt32(row.integer("session", in: 1...Limits.maximumSessions)),
                percent: UInt8(row.integer("percent", in: 1...100)))
        }
    }

    private static func algorithm(
        _ key: String, default fallback: MatchingAlgorithm?, _ section: ConfigurationSection
    ) -> MatchingAlgorithm? {
        section.value(
            key, default: fallback, expected: "one of F, A, C, K, O, Q, S, T, Z, X", write: "\(key): F"
        ) { text in text.count == 1 ? text.first.flatMap(MatchingAlgorithm.init(letter:)) : nil }
    }

    /// Lot, ticks, interruptions, phase.
    fileprivate mutating func readMarket(_ section: ConfigurationSection) {
        let bound = Int(Self.priceBound)
        lotSize = UInt32(section.integer("lotSize", default: 1, in: 1...1 << 30, unit: "lots"))
        tickSteps = section.sections("tickTable", required: false, write: "tickTable: [{from: 5000, tick: 5}]").map {
            row in
            defer { row.finish() }
            return TickStep(
                fromPrice: Int64(row.integer("from", in: -bound...bound, unit: "ticks")),
                tick: Int64(row.integer("tick", in: 1...1 << 32, unit: "ticks")))
        }
        dynamicRange = Int64(section.integer("dynamicRange", default: 0, in: 0...bound, unit: "ticks"))
        staticRange = Int64(section.integer("staticRange", default: 0, in: 0...bound, unit: "ticks"))
        let milliseconds = section.integer("interruptionMilliseconds", default: 0, in: 0...86_400_000, unit: "ms")
        interruptionNanoseconds = UInt64(milliseconds) * 1_000_000
        let names = TradingPhase.allCases.map { "\($0)" }.joined(separator: ", ")
        phase =
            section.value("phase", default: phase, expected: "one of \(names)", write: "phase: continuous") { text in
                TradingPhase.allCases.first { "\($0)" == text }
            } ?? phase
        let windows = (0...5).map { 8_192 << $0 }
        windowTicks =
            section.value(
                "windowTicks", default: windows[0],
                expected: "one of " + windows.map(String.init).joined(separator: ", "), write: "windowTicks: 8192"
            ) { text in Int(text.replacing("_", with: "")).flatMap { windows.contains($0) ? $0 : nil } } ?? windows[0]
    }
}
