import Orders

/// Pairs the two reports of each trade when both orders are ours.
///
/// A trade's reports carry one execution identifier, equal price and quantity, opposite sides, and exactly one of them
/// is the aggressor's, except in an auction. Within one session identifiers ascend, so one below the highest paired that is not waiting for
/// its other half has been used before.
struct TradePairs {
    private struct Half {
        var price: Int64
        var quantity: UInt32
        var side: Side
        var isAggressor: Bool
        /// Of an auction, where neither side is the aggressor.
        var isAuction: Bool
    }

    private var waiting: [UInt64: Half] = [:]
    private var highestPaired: UInt64 = 0
    /// Different trades seen.
    private(set) var tradeCount: UInt64 = 0

    /// Trades of which one side has been reported so far.
    var unpairedCount: Int { waiting.count }

    var unpaired: [UInt64] { waiting.keys.sorted() }

    /// Takes in one fill; returns what is wrong with it, or nil.
    mutating func add(_ report: ExecutionReport) -> String? {
        let half = Half(
            price: report.price, quantity: report.lastQuantity, side: report.side,
            isAggressor: report.flags.contains(.aggressor), isAuction: report.flags.contains(.auction))
        guard let other = waiting.removeValue(forKey: report.executionID) else {
            if report.executionID <= highestPaired {
                return
                    "execution \(report.executionID) was reported before (executions up to \(highestPaired) are done)"
            }
            waiting[report.executionID] = half
            tradeCount += 1
            return nil
        }
        highestPaired = max(highestPaired, report.executionID)
        if other.price != half.price || other.quantity != half.quantity {
            return "the two sides of execution \(report.executionID) differ: "
                + "\(other.quantity) @ \(other.price) and \(half.quantity) @ \(half.price)"
        }
        if other.side == half.side { return "both sides of execution \(report.executionID) are \(half.side)s" }
        if other.isAuction != half.isAuction {
            return "execution \(report.executionID) marks one side as an auction's"
        }
        if other.isAggressor == half.isAggressor, !half.isAuction {
            let who = half.isAggressor ? "both sides" : "no side"
            return "execution \(report.executionID) marks \(who) as the aggressor"
        }
        return nil
    }
}
