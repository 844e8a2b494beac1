/// Plans from best to worst, and whether the differences are more than noise. Pure.
package struct TuneRanking {
    /// What the plans are ranked by.
    package enum Measure: String, CaseIterable, Sendable {
        /// The median round trip of an order.
        case roundTrip = "round-trip"
        /// The 99th percentile of it.
        case tail
        /// Orders a second.
        case orders

        package func value(_ figures: TuneFigures) -> Double {
            switch self {
            case .roundTrip: figures.p50
            case .tail: figures.p99
            case .orders: figures.ordersPerSecond
            }
        }

        /// How much worse a plan is than another: 1 as good, 2 twice as slow.
        func ratio(of figures: TuneFigures, to best: TuneFigures) -> Double {
            let (own, other) = (max(value(figures), 1e-9), max(value(best), 1e-9))
            return self == .orders ? other / own : own / other
        }
    }

    package struct Row: Sendable {
        package var plan: String
        /// By round.
        package var figures: [Int: TuneFigures]
        /// Medians of the rounds, each figure by itself.
        package var median: TuneFigures
        /// Half the distance between the quartiles of what is ranked by, as a share of the median.
        package var spread: Double
        /// Median of the rounds' ratios to the best plan; 1 for the best itself.
        package var ratio: Double
        /// The same figure's spread.
        package var ratioSpread: Double
        /// Whether the best is better than this one by more than noise.
        package var isWorse: Bool
        /// Whether it was measured on the same terms as the proposed plan; else it cannot win.
        package var isComparable: Bool
    }

    /// Best first, those that cannot be compared last; only plans with figures.
    package let rows: [Row]
    package let measure: Measure
    /// The plan to take.
    package let winner: String?
    /// The outcome in sentences.
    package let verdict: String

    /// With fewer rounds nothing can be said of noise.
    package static let leastRounds = 3

    /// - Parameters:
    ///   - plans: the first is the proposed one, which stays when nothing is better by more than noise.
    ///   - incomparable: those that were measured on other terms than the proposed one.
    package init(
        _ entries: [TuneLog.Entry], plans: [String], by measure: Measure, incomparable: Set<String> = []
    ) {
        var figures: [String: [Int: TuneFigures]] = [:]
        for entry in entries where entry.figures != nil {
            figures[entry.plan, default: [:]][entry.round] = entry.figures
        }
        var rows = plans.compactMap { plan in
            figures[plan].flatMap { Self.row(plan, $0, measure, isComparable: !incomparable.contains(plan)) }
        }
        let order = measure == .orders ? -1.0 : 1
        func key(_ row: Row) -> (Int, Double) { (row.isComparable ? 0 : 1, order * measure.value(row.median)) }
        rows.sort { key($0) < key($1) }
        if let best = rows.first {
            for index in rows.indices.dropFirst() { rows[index].compare(with: best, measure) }
        }
        self.rows = rows
        self.measure = measure
        (winner, verdict) = Self.judge(rows.filter(\.isComparable), proposed: plans.first)
    }

    private static func row(
        _ plan: String, _ figures: [Int: TuneFigures], _ measure: Measure, isComparable: Bool
    ) -> Row? {
        func median(_ value: (TuneFigures) -> Double) -> Double { Spread(figures.values.map(value))?.median ?? 0 }
        guard let spread = Spread(figures.values.map(measure.value)) else { return nil }
        return Row(
            plan: plan, figures: figures,
            median: TuneFigures(
                ordersPerSecond: median(\.ordersPerSecond), packetsPerSecond: median(\.packetsPerSecond),
                p50: median(\.p50), p99: median(\.p99)),
            spread: (spread.upperQuartile - spread.lowerQuartile) / 2 / max(spread.median, 1e-9), ratio: 1,
            ratioSpread: 0, isWorse: false, isComparable: isComparable)
    }

    private static func judge(_ rows: [Row], proposed: String?) -> (winner: String?, verdict: String) {
        guard let best = rows.first else { return (nil, "no plan could be measured") }
        guard rows.count > 1 else { return (best.plan, "'\(best.plan)' is the only plan that was measured") }
        guard rows.allSatisfy({ $0.figures.count >= leastRounds }) else {
            return (nil, "too few rounds to tell a difference from noise: \(leastRounds) of each plan are the least")
        }
        let equals = rows.dropFirst().filter { !$0.isWorse }
        let noise =
            ([best.spread] + rows.dropFirst().filter { !$0.isWorse }.map { max($0.spread, $0.ratioSpread) }).max() ?? 0
        if let proposed, let row = equals.first(where: { $0.plan == proposed }) {
            return (
                proposed,
                "no plan is better than the proposed one above the noise of ± \(percent(max(noise, row.ratioSpread)))"
            )
        }
        if equals.isEmpty, let next = rows.dropFirst().first {
            var text = "'\(best.plan)' wins by \(percent(next.ratio - 1)) (spread \(percent(next.ratioSpread)))"
            if let row = rows.dropFirst(2).first(where: { $0.plan == proposed }) {
                text += ", and over the proposed plan by \(percent(row.ratio - 1)) (spread \(percent(row.ratioSpread)))"
            }
            return (best.plan, text)
        }
        let names = equals.map { "'\($0.plan)'" }.joined(separator: ", ")
        let tie = "no difference above the noise of ± \(percent(noise)) to \(names)"
        guard let row = rows.dropFirst().first(where: { $0.plan == proposed }) else {
            return (best.plan, "'\(best.plan)' stays: \(tie)")
        }
        return (
            best.plan,
            "'\(best.plan)' wins over the proposed plan by \(percent(row.ratio - 1)) (spread "
                + "\(percent(row.ratioSpread))); \(tie)"
        )
    }
}

extension TuneRanking.Row {
    /// Round by round, since what disturbs a machine disturbs neighbours in time alike. A plan is worse when it is in nine
    /// rounds of ten, with fewer rounds in all, and by more than the rounds differ among themselves.
    fileprivate mutating func compare(with best: Self, _ measure: TuneRanking.Measure) {
        let ratios = figures.compactMap { round, own in best.figures[round].map { measure.ratio(of: own, to: $0) } }
        guard let found = Spread(ratios) else { return }
        ratio = found.median
        ratioSpread = (found.upperQuartile - found.lowerQuartile) / 2
        let nearlyLeast = ratios.sorted()[ratios.count / 10]
        isWorse = ratios.count >= TuneRanking.leastRounds && nearlyLeast > 1 && ratio - 1 > ratioSpread
    }
}
