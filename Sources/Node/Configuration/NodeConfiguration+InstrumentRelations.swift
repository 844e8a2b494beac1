import Orders

extension NodeConfiguration {
    /// What no single value of an instrument shows.
    func check(_ one: InstrumentSpecification, _ root: ConfigurationSection) {
        func report(_ found: String, _ expected: String, _ write: String) {
            root.report(key: "instruments", found: "\(one.symbol) with \(found)", expected: expected, write: write)
        }
        let band = "prices \(one.minimumPrice)…\(one.maximumPrice)"
        if one.maximumPrice < one.minimumPrice {
            report(band, "maximumPrice not below minimumPrice", "maximumPrice: \(one.minimumPrice)")
        } else if !(one.minimumPrice...one.maximumPrice).contains(one.referencePrice) {
            report(
                "referencePrice \(one.referencePrice)", "a price from \(one.minimumPrice) to \(one.maximumPrice)",
                "referencePrice: \(one.minimumPrice)")
        }
        let steps = InstrumentSpecification.maximumTickSteps
        if one.tickSteps.count > steps {
            report("\(one.tickSteps.count) steps of ticks", "at most \(steps)", "a shorter tickTable")
        }
        if zip(one.tickSteps, one.tickSteps.dropFirst()).contains(where: { $0.fromPrice >= $1.fromPrice }) {
            report(
                "a tickTable out of order", "each `from` above the one before",
                "tickTable: [{from: 0, tick: 1}, {from: 5000, tick: 5}]")
        }
        let makers = InstrumentSpecification.maximumMarketMakers
        if one.marketMakers.count > makers {
            report("\(one.marketMakers.count) market makers", "at most \(makers)", "fewer market makers")
        }
        if Set(one.marketMakers.map(\.session)).count < one.marketMakers.count {
            report("a market maker twice", "each session once", "marketMakers: [{session: 5, percent: 40}]")
        }
        let known = Set(orderEntry.participants.flatMap(\.sessions))
        for maker in one.marketMakers where !known.contains(maker.session) {
            report(
                "market maker \(maker.session), a session nobody has", "a session of a participant",
                "session: \(known.min() ?? 1)")
        }
        let sum = one.marketMakers.reduce(0) { $0 + Int($1.percent) }
        if sum > 100 {
            report(
                "market makers of \(sum) percent together", "at most 100", "percent: \(100 / one.marketMakers.count)")
        }
    }

    /// A session's firm stands with the participant that has the session, once.
    func checkFirms(_ root: ConfigurationSection) {
        for participant in orderEntry.participants {
            var seen: Set<UInt32> = []
            for row in participant.firms where !participant.sessions.contains(row.session) {
                root.report(
                    key: "orderEntry",
                    found: "a firm for session \(row.session), which \(participant.name) does not have",
                    expected: "a session of the participant", write: "session: \(participant.sessions.first ?? 1)")
            }
            for row in participant.firms where !seen.insert(row.session).inserted {
                root.report(
                    key: "orderEntry", found: "two firms for session \(row.session)", expected: "one",
                    write: "firms: [{session: \(row.session), firm: \(row.firm)}]")
            }
        }
    }
}
