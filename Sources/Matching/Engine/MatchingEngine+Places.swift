import Orders

/// Where live orders stand: into their queues and out of them, and what few of them have.
extension MatchingEngine {
    // MARK: Quantity

    /// What is left of a live order, of an iceberg all of it.
    @inline(__always) func total(_ order: UnsafeMutablePointer<RestingOrder>) -> UInt32 {
        order.pointee.leavesQuantity &+ reserve(order)
    }

    /// What an iceberg does not show.
    @inline(__always) func reserve(_ order: UnsafeMutablePointer<RestingOrder>) -> UInt32 {
        order.pointee.extensionIndex == RestingOrder.none || order.pointee.place != .lit
            ? 0 : arena.extended(order).pointee.reserve
    }

    /// Takes lots from an order, from an iceberg's peak first.
    @inline(__always) func take(_ quantity: UInt32, from order: UnsafeMutablePointer<RestingOrder>) {
        if quantity <= order.pointee.leavesQuantity {
            order.pointee.leavesQuantity &-= quantity
        } else {
            arena.extended(order).pointee.reserve &-= quantity &- order.pointee.leavesQuantity
            order.pointee.leavesQuantity = 0
        }
    }

    /// Shares what is left of an order out between its peak and its reserve.
    func setTotal(_ order: UnsafeMutablePointer<RestingOrder>, _ total: UInt32) {
        guard order.pointee.place == .lit, order.pointee.extensionIndex != RestingOrder.none,
            arena.extended(order).pointee.displayQuantity > 0
        else {
            order.pointee.leavesQuantity = total
            return
        }
        let peak = min(total, peak(order))
        order.pointee.leavesQuantity = peak
        arena.extended(order).pointee.reserve = total &- peak
    }

    /// Size of the next peak: the display quantity, and for a random one some lots more.
    ///
    /// The draw depends on the order and what it has traded alone, so that there is no state to keep.
    private func peak(_ order: UnsafeMutablePointer<RestingOrder>) -> UInt32 {
        let data = arena.extended(order)
        guard data.pointee.peakRange > 0 else { return data.pointee.displayQuantity }
        var mixed =
            order.pointee.orderID &* 2_654_435_761 &+ UInt64(order.pointee.cumulativeQuantity)
            &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        let drawn = UInt64(data.pointee.displayQuantity) &+ mixed % (UInt64(data.pointee.peakRange) &+ 1)
        let lot = UInt64(books[Int(order.pointee.book)].lot)
        return UInt32(truncatingIfNeeded: max(drawn / lot &* lot, lot))
    }

    /// An iceberg whose peak is gone shows the next one at the end of its queue; false when nothing is left.
    @inline(never) func showNextPeak(_ position: UInt32, _ level: UnsafeMutablePointer<PriceLevel>) -> Bool {
        let order = arena.orders + Int(position)
        let left = reserve(order)
        guard left > 0 else { return false }
        setTotal(order, left)
        forgetTop(position)
        level.pointee.remove(position, arena.orders)
        level.pointee.append(position, arena.orders)
        return true
    }

    /// The order is not the top order any more, if it was.
    func forgetTop(_ position: UInt32) {
        let order = arena.orders + Int(position)
        let side = (books + Int(order.pointee.book)).side(order.pointee.side)
        if side.pointee.top == position { side.pointee.top = RestingOrder.none }
    }

    // MARK: Queues

    /// Puts a live order at the end of the queue of its place.
    func enqueue(_ position: UInt32) {
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        let side = book.side(order.pointee.side)
        let key = BookSide.key(order.pointee.price, order.pointee.side)
        switch order.pointee.place {
        case .lit: side.pointee.lit.append(position, key: key, arena.orders, nodes)
        case .dark:
            side.pointee.dark.findOrInsert(key, nodes).pointee.append(position, arena.orders)
            side.pointee.darkCount &+= 1
            if order.pointee.conditions.contains(.allOrNone) { side.pointee.allOrNoneCount &+= 1 }
        case .peg:
            side.pointee.pegs.append(position, arena.orders)
            side.pointee.pegCount &+= 1
        case .stop:
            let trigger = BookSide.triggerKey(arena.extended(order).pointee.triggerPrice, order.pointee.side)
            side.pointee.stops.findOrInsert(trigger, nodes).pointee.append(position, arena.orders)
            book.pointee.stopCount &+= 1
        case .triggered: book.pointee.triggered.append(position, arena.orders)
        case .waiting: book.pointee.waiting.append(position, arena.orders)
        }
        count(order, 1)
    }

    /// Takes a live order out of the queue of its place.
    func dequeue(_ position: UInt32) {
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        let side = book.side(order.pointee.side)
        let key = BookSide.key(order.pointee.price, order.pointee.side)
        switch order.pointee.place {
        case .lit:
            forgetTop(position)
            side.pointee.lit.remove(position, key: key, arena.orders, nodes)
        case .dark:
            remove(position, key, from: &side.pointee.dark)
            side.pointee.darkCount &-= 1
            if order.pointee.conditions.contains(.allOrNone) { side.pointee.allOrNoneCount &-= 1 }
        case .peg:
            side.pointee.pegs.remove(position, arena.orders)
            side.pointee.pegCount &-= 1
        case .stop:
            let trigger = BookSide.triggerKey(arena.extended(order).pointee.triggerPrice, order.pointee.side)
            remove(position, trigger, from: &side.pointee.stops)
            book.pointee.stopCount &-= 1
        case .triggered: book.pointee.triggered.remove(position, arena.orders)
        case .waiting: book.pointee.waiting.remove(position, arena.orders)
        }
        count(order, -1)
    }

    private func remove(_ position: UInt32, _ key: Int64, from tree: inout LevelTree) {
        // An order in a tree has a level there.
        let level = tree.find(key, nodes).unsafelyUnwrapped
        level.pointee.remove(position, arena.orders)
        if level.pointee.isEmpty { tree.remove(key, nodes) }
    }

    /// Keeps count of the orders that keep a book from being plain.
    private func count(_ order: UnsafeMutablePointer<RestingOrder>, _ change: Int) {
        switch order.pointee.place {
        case .lit, .waiting: return
        case .dark, .peg, .stop, .triggered: break
        }
        let book = books + Int(order.pointee.book)
        book.pointee.specialCount &+= change
        book.pointee.reconsider()
    }

    /// Takes a live order out of its queues and out of the engine.
    mutating func remove(_ position: UInt32) {
        let order = arena.orders + Int(position)
        if isTrailing(order), order.pointee.place == .stop { unlinkTrailing(position) }
        dequeue(position)
        erase(position, books + Int(order.pointee.book))
    }

    // MARK: Extensions

    /// Gives back what an order that ends had beside its 64 bytes.
    @inline(never) mutating func dropExtension(_ position: UInt32) {
        let order = arena.orders + Int(position)
        if arena.extended(order).pointee.expireTimeNanoseconds != 0 {
            expiry.remove(position)
            reckonDeadline()
        }
        arena.giveBackExtension(order.pointee.extensionIndex)
        order.pointee.extensionIndex = RestingOrder.none
    }

    // MARK: Trailing stops

    func isTrailing(_ order: UnsafeMutablePointer<RestingOrder>) -> Bool {
        order.pointee.type == .trailingStop || order.pointee.type == .trailingStopPerMille
    }

    func linkTrailing(_ position: UInt32) {
        let order = arena.orders + Int(position)
        let side = (books + Int(order.pointee.book)).side(order.pointee.side)
        let data = arena.extended(order)
        data.pointee.nextTrailing = RestingOrder.none
        data.pointee.previousTrailing = side.pointee.lastTrailing
        if side.pointee.lastTrailing == RestingOrder.none {
            side.pointee.firstTrailing = position
        } else {
            arena.extended(arena.orders + Int(side.pointee.lastTrailing)).pointee.nextTrailing = position
        }
        side.pointee.lastTrailing = position
    }

    func unlinkTrailing(_ position: UInt32) {
        let order = arena.orders + Int(position)
        let side = (books + Int(order.pointee.book)).side(order.pointee.side)
        let data = arena.extended(order)
        let (next, previous) = (data.pointee.nextTrailing, data.pointee.previousTrailing)
        if previous == RestingOrder.none {
            side.pointee.firstTrailing = next
        } else {
            arena.extended(arena.orders + Int(previous)).pointee.nextTrailing = next
        }
        if next == RestingOrder.none {
            side.pointee.lastTrailing = previous
        } else {
            arena.extended(arena.orders + Int(next)).pointee.previousTrailing = previous
        }
    }
}
