import Orders

/// The price levels of one instrument: an array of ticks with a bitmap per side. Plain memory, owned by the engine.
///
/// Both sides are one algorithm: a side counts its ticks from its own best end (bids from the highest price down, offers
/// from the lowest up), so "best" is always the lowest member of the side's bitmap. A level belongs to one side at a
/// time, because a book is never crossed. Memory: 8 bytes per tick and a quarter of a byte for the bitmaps.
struct OrderBook {
    let instrument: UInt32
    let minimumPrice: Int64
    let width: Int
    let maximumOrders: Int
    let levels: UnsafeMutablePointer<PriceLevel>
    private let bids: TickBitmap
    private let offers: TickBitmap
    var count = 0

    init(_ specification: InstrumentSpecification) {
        let width = specification.maximumPrice.subtractingReportingOverflow(specification.minimumPrice)
        precondition(
            !width.overflow && width.partialValue >= 0 && width.partialValue < Int64(TickBitmap.maximumWidth),
            "the price window of \(specification.symbol) is wider than 2²⁴ ticks or empty")
        instrument = specification.id
        minimumPrice = specification.minimumPrice
        self.width = Int(width.partialValue) + 1
        maximumOrders = specification.maximumOrders
        levels = .allocate(capacity: self.width)
        levels.initialize(repeating: PriceLevel(), count: self.width)
        bids = TickBitmap(width: self.width)
        offers = TickBitmap(width: self.width)
    }

    func deallocate() {
        levels.deallocate()
        bids.deallocate()
        offers.deallocate()
    }

    /// Whether a price is in the window.
    @inline(__always) func contains(_ price: Int64) -> Bool {
        let distance = price.subtractingReportingOverflow(minimumPrice)
        return !distance.overflow && distance.partialValue >= 0 && distance.partialValue < Int64(width)
    }

    /// A price of the window as seen from a side: 0 is the best price that side can have.
    @inline(__always) func tick(_ price: Int64, _ side: Side) -> Int {
        let position = Int(truncatingIfNeeded: price &- minimumPrice)
        return side == .buy ? width &- 1 &- position : position
    }

    @inline(__always) func level(_ tick: Int, _ side: Side) -> UnsafeMutablePointer<PriceLevel> {
        levels + (side == .buy ? width &- 1 &- tick : tick)
    }

    @inline(__always) func price(_ tick: Int, _ side: Side) -> Int64 {
        minimumPrice &+ Int64(side == .buy ? width &- 1 &- tick : tick)
    }

    @inline(__always) func ticks(_ side: Side) -> TickBitmap { side == .buy ? bids : offers }

    /// Puts an order behind the others of its price.
    @inline(__always) func enqueue(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let order = orders + Int(position)
        let side = order.pointee.side
        let tick = tick(order.pointee.price, side)
        let level = level(tick, side)
        order.pointee.next = RestingOrder.none
        order.pointee.previous = level.pointee.tail
        if level.pointee.tail == RestingOrder.none {
            level.pointee.head = position
            ticks(side).insert(tick)
        } else {
            orders[Int(level.pointee.tail)].next = position
        }
        level.pointee.tail = position
    }

    /// Takes an order out of its price level.
    @inline(__always) func unlink(_ position: UInt32, _ orders: UnsafeMutablePointer<RestingOrder>) {
        let order = orders + Int(position)
        let side = order.pointee.side
        let tick = tick(order.pointee.price, side)
        let level = level(tick, side)
        let (next, previous) = (order.pointee.next, order.pointee.previous)
        if previous == RestingOrder.none {
            level.pointee.head = next
        } else {
            orders[Int(previous)].next = next
        }
        if next == RestingOrder.none {
            level.pointee.tail = previous
        } else {
            orders[Int(next)].previous = previous
        }
        if level.pointee.head == RestingOrder.none { ticks(side).remove(tick) }
    }

    /// Whether `quantity` could trade at once against `side` down to `limit` (a tick of that side). Cost: the orders
    /// walked over until it is enough.
    func canFill(_ quantity: UInt32, against side: Side, limit: Int, _ orders: UnsafeMutablePointer<RestingOrder>)
        -> Bool
    {
        var missing = quantity
        var tick = ticks(side).lowest
        while tick >= 0, tick <= limit {
            var position = level(tick, side).pointee.head
            while position != RestingOrder.none {
                let leaves = orders[Int(position)].leavesQuantity
                if leaves >= missing { return true }
                missing &-= leaves
                position = orders[Int(position)].next
            }
            tick = ticks(side).next(above: tick)
        }
        return false
    }
}
