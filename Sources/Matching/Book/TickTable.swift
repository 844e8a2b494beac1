import Orders

/// Which prices are valid. Cost of every question: at most the number of steps.
struct TickTable {
    private struct Step: BitwiseCopyable {
        var fromPrice: Int64
        var tick: Int64
    }

    private let steps: UnsafeMutablePointer<Step>
    private(set) var count = 0

    init(_ given: [InstrumentSpecification.TickStep]) {
        steps = .allocate(capacity: InstrumentSpecification.maximumTickSteps)
        for step in given {
            precondition(append(step.fromPrice, step.tick), "more than 16 tick steps, or a tick below 1")
        }
    }

    func deallocate() { steps.deallocate() }

    /// Every price is valid.
    var isTrivial: Bool { count == 0 || (count == 1 && steps[0].tick == 1) }

    /// Sets the tick from a price upward, forgetting the steps at or above it; false when that would be too many or the tick
    /// is not 1…2³².
    mutating func append(_ fromPrice: Int64, _ tick: Int64) -> Bool {
        guard tick >= 1, tick <= 1 << 32 else { return false }
        var kept = count
        while kept > 0, steps[kept &- 1].fromPrice >= fromPrice { kept &-= 1 }
        guard kept < InstrumentSpecification.maximumTickSteps else { return false }
        (steps + kept).initialize(to: Step(fromPrice: fromPrice, tick: tick))
        count = kept &+ 1
        return true
    }

    private func step(_ price: Int64) -> Int {
        var place = count &- 1
        while place > 0, steps[place].fromPrice > price { place &-= 1 }
        return place
    }

    func isValid(_ price: Int64) -> Bool { count == 0 || price % steps[step(price)].tick == 0 }

    /// The greatest valid price not above a price.
    func roundedDown(_ price: Int64) -> Int64 {
        guard count > 0 else { return price }
        var from = price
        var place = step(price)
        while true {
            let tick = steps[place].tick
            let candidate = from &- (from < 0 ? (tick &- (0 &- from) % tick) % tick : from % tick)
            if place == 0 || candidate >= steps[place].fromPrice { return candidate }
            // Below a step the one before it counts.
            from = steps[place].fromPrice &- 1
            place &-= 1
        }
    }

    /// The least valid price not below a price.
    func roundedUp(_ price: Int64) -> Int64 {
        guard count > 0 else { return price }
        var from = price
        var place = step(price)
        while true {
            let tick = steps[place].tick
            let remainder = from < 0 ? (0 &- from) % tick : (tick &- from % tick) % tick
            let candidate = from &+ remainder
            if place == count &- 1 || candidate < steps[place &+ 1].fromPrice { return candidate }
            place &+= 1
            from = steps[place].fromPrice
        }
    }

    /// The nearest valid price a side may have that is not better for the other side than `price`.
    func rounded(_ price: Int64, passiveFor side: Side) -> Int64 {
        side == .buy ? roundedDown(price) : roundedUp(price)
    }

    func combine(into hash: inout StateHash) {
        hash.combine(UInt64(count))
        for place in 0..<count {
            hash.combine(steps[place].fromPrice)
            hash.combine(steps[place].tick)
        }
    }
}
