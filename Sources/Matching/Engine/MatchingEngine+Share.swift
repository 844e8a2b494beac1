import Orders

/// Sharing a level by the pro-rata family, by size and by time (§4).
extension MatchingEngine {
    /// What a step works on: the level, the lots left to give, and what each order gets, in the order of the queue.
    fileprivate struct Sharing {
        var head: UInt32
        var left: UInt32
        let lot: UInt32
        let shares: UnsafeMutablePointer<UInt32>
    }

    /// Trades with a lit level by the book's algorithm, until it is empty or the aggressor done. Cost: a constant per order of the
    /// level and step; with size priority, or leveling, the square of the orders that get something.
    @inline(never) mutating func share<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ book: UnsafeMutablePointer<Book>, _ side: UnsafeMutablePointer<BookSide>,
        _ key: Int64, _ receiver: inout Receiver
    ) {
        guard preventOwn(&order, book, side, key, &receiver) else { return }
        let level = side.pointee.lit.level(key, nodes)
        let price = BookSide.key(key, order.side.opposite)
        while order.leavesQuantity > 0, !level.pointee.isEmpty {
            var whole: UInt64 = 0
            var position = level.pointee.head
            while position != RestingOrder.none {
                whole &+= UInt64(total(arena.orders + Int(position)))
                position = arena.orders[Int(position)].next
            }
            let takesAll = UInt64(order.leavesQuantity) >= whole
            if !takesAll { allocate(order, book, side, level) }
            // One trade for each order that gets something, in time order.
            let shares = scratch.assumingMemoryBound(to: UInt32.self)
            let last = level.pointee.tail
            var number = 0
            position = level.pointee.head
            while position != RestingOrder.none {
                let resting = arena.orders + Int(position)
                let next = position == last ? RestingOrder.none : resting.pointee.next
                let quantity = takesAll ? total(resting) : shares[number]
                if quantity > 0 {
                    trade(&order, resting, quantity, price, book, &receiver)
                    if resting.pointee.leavesQuantity == 0,
                        resting.pointee.extensionIndex == RestingOrder.none || !showNextPeak(position, level)
                    {
                        forgetTop(position)
                        level.pointee.remove(position, arena.orders)
                        erase(position, book)
                    }
                }
                number &+= 1
                position = next
            }
        }
        if level.pointee.isEmpty { side.pointee.lit.dropLevel(key, nodes) }
    }

    /// Own orders of the level first; false when the aggressor is done or the level gone.
    private mutating func preventOwn<Receiver: MatchReceiver>(
        _ order: inout Aggressor, _ book: UnsafeMutablePointer<Book>, _ side: UnsafeMutablePointer<BookSide>,
        _ key: Int64, _ receiver: inout Receiver
    ) -> Bool {
        guard order.selfTrade != 0 else { return true }
        var position = side.pointee.lit.level(key, nodes).pointee.head
        while position != RestingOrder.none {
            let next = arena.orders[Int(position)].next
            if isOwn(order, arena.orders + Int(position)) {
                preventSelfTrade(&order, position, book, &receiver)
                if order.leavesQuantity == 0 { return false }
            }
            position = next
        }
        return side.pointee.lit.best == key
    }

    /// Fills in what each order of a level gets, in the order of its queue; in all what the aggressor has left, or all that
    /// is shown.
    private func allocate(
        _ order: Aggressor, _ book: UnsafeMutablePointer<Book>, _ side: UnsafeMutablePointer<BookSide>,
        _ level: UnsafeMutablePointer<PriceLevel>
    ) {
        let rule = book.pointee.rule
        var sharing = Sharing(
            head: level.pointee.head, left: order.leavesQuantity, lot: book.pointee.lot,
            shares: scratch.assumingMemoryBound(to: UInt32.self))
        var count = 0
        var position = level.pointee.head
        while position != RestingOrder.none {
            sharing.shares[count] = 0
            count &+= 1
            position = arena.orders[Int(position)].next
        }
        switch rule.algorithm {
        case .timeProRata: giveByTimeAndSize(&sharing)
        case .sizePriority: giveBySize(&sharing)
        default:
            if rule.hasTop { giveTop(&sharing, side.pointee.top, rule) }
            if rule.hasMarketMakers {
                giveMakers(&sharing, book, top: rule.hasTop ? side.pointee.top : RestingOrder.none)
            }
            if rule.algorithm == .configurable, rule.fifoPercent > 0 {
                giveInTime(&sharing, sharing.part(of: sharing.left, UInt64(rule.fifoPercent), 100))
            }
            if rule.hasProRata { giveProRata(&sharing, rule) }
        }
        giveInTime(&sharing, sharing.left)
    }

    private func give(_ sharing: inout Sharing, _ number: Int, _ quantity: UInt32) {
        sharing.shares[number] &+= quantity
        sharing.left &-= quantity
    }

    /// What an order shows and has not been given.
    private func open(_ sharing: Sharing, _ number: Int, _ position: UInt32) -> UInt32 {
        arena.orders[Int(position)].leavesQuantity &- sharing.shares[number]
    }

    // MARK: Steps

    /// The last step, and the FIFO part of K: in order of time.
    private func giveInTime(_ sharing: inout Sharing, _ quantity: UInt32) {
        var rest = quantity
        var number = 0
        var position = sharing.head
        while rest > 0, position != RestingOrder.none {
            let given = min(rest, open(sharing, number, position))
            give(&sharing, number, given)
            rest &-= given
            number &+= 1
            position = arena.orders[Int(position)].next
        }
    }

    private func giveTop(_ sharing: inout Sharing, _ top: UInt32, _ rule: AllocationRule) {
        guard top != RestingOrder.none else { return }
        var number = 0
        var position = sharing.head
        while position != RestingOrder.none {
            if position == top {
                let most = rule.topMaximum == 0 ? UInt32.max : rule.topMaximum / sharing.lot &* sharing.lot
                give(&sharing, number, min(sharing.left, open(sharing, number, position), most))
                return
            }
            number &+= 1
            position = arena.orders[Int(position)].next
        }
    }

    private func giveMakers(_ sharing: inout Sharing, _ book: UnsafeMutablePointer<Book>, top: UInt32) {
        let base = sharing.left
        for maker in 0..<book.pointee.makerCount {
            let (session, percent) = (book.pointee.makers[maker].session, book.pointee.makers[maker].percent)
            var quota = sharing.part(of: base, UInt64(percent), 100)
            var number = 0
            var position = sharing.head
            while position != RestingOrder.none {
                if position != top, UInt32(arena.orders[Int(position)].session) == session {
                    let given = min(quota, open(sharing, number, position), sharing.left)
                    give(&sharing, number, given)
                    quota &-= given
                }
                number &+= 1
                position = arena.orders[Int(position)].next
            }
        }
    }

    private func giveProRata(_ sharing: inout Sharing, _ rule: AllocationRule) {
        let base = sharing.left
        var whole: UInt64 = 0
        var number = 0
        var position = sharing.head
        while position != RestingOrder.none {
            whole &+= UInt64(open(sharing, number, position))
            number &+= 1
            position = arena.orders[Int(position)].next
        }
        guard base > 0, whole > 0 else { return }
        // In the upper half of the scratch memory: who got nothing, for leveling.
        let empty = sharing.shares + 2 * (arena.capacity + 2)
        number = 0
        position = sharing.head
        while position != RestingOrder.none {
            let open = open(sharing, number, position)
            var share = sharing.part(of: base, UInt64(open), whole)
            if share < rule.minimumAllocation { share = 0 }
            empty[number] = share == 0 && open > 0 ? 1 : 0
            give(&sharing, number, min(share, open, sharing.left))
            number &+= 1
            position = arena.orders[Int(position)].next
        }
        guard rule.algorithm == .configurable, rule.leveling else { return }
        while sharing.left > 0, let largest = largest(sharing, where: { empty[$0] == 1 }) {
            empty[largest.number] = 0
            give(
                &sharing, largest.number,
                min(sharing.lot, open(sharing, largest.number, largest.position), sharing.left))
        }
    }

    private func giveBySize(_ sharing: inout Sharing) {
        while sharing.left > 0, let largest = largest(sharing, where: { sharing.shares[$0] == 0 }) {
            give(&sharing, largest.number, min(sharing.left, arena.orders[Int(largest.position)].leavesQuantity))
        }
    }

    /// The order that shows most, among equals the oldest.
    private func largest(_ sharing: Sharing, where isWanted: (Int) -> Bool) -> (number: Int, position: UInt32)? {
        var found: (number: Int, position: UInt32)?
        var most: UInt32 = 0
        var number = 0
        var position = sharing.head
        while position != RestingOrder.none {
            let shown = arena.orders[Int(position)].leavesQuantity
            if shown > most, isWanted(number) {
                most = shown
                found = (number, position)
            }
            number &+= 1
            position = arena.orders[Int(position)].next
        }
        return found
    }

    /// Earlier orders get more than their share of size: each base × [1 − (1 − v/W)²] of what those before it left.
    private func giveByTimeAndSize(_ sharing: inout Sharing) {
        var whole: UInt64 = 0
        var position = sharing.head
        while position != RestingOrder.none {
            whole &+= UInt64(arena.orders[Int(position)].leavesQuantity)
            position = arena.orders[Int(position)].next
        }
        var number = 0
        position = sharing.head
        while position != RestingOrder.none, whole > 0 {
            let shown = UInt64(arena.orders[Int(position)].leavesQuantity)
            // base < 2³¹ and v, W < 2⁶¹: v × (2W − v) / W² = (v / W) × ((2W − v) / W) needs more than 64 bits.
            let share =
                UInt128(sharing.left) * UInt128(shown) * UInt128(2 &* whole &- shown)
                / (UInt128(whole) * UInt128(whole))
            let rounded = UInt32(truncatingIfNeeded: share) / sharing.lot &* sharing.lot
            give(&sharing, number, min(rounded, UInt32(truncatingIfNeeded: shown), sharing.left))
            whole &-= shown
            number &+= 1
            position = arena.orders[Int(position)].next
        }
    }
}

extension MatchingEngine.Sharing {
    /// Of a quantity `numerator` of `denominator` parts, rounded down to a lot.
    fileprivate func part(of quantity: UInt32, _ numerator: UInt64, _ denominator: UInt64) -> UInt32 {
        // numerator ≤ denominator or ≤ 100, so the result fits; the product is below 2⁹⁵.
        let product = UInt64(quantity).multipliedFullWidth(by: numerator)
        let share = denominator.dividingFullWidth(product).quotient
        return UInt32(truncatingIfNeeded: share) / lot &* lot
    }
}
