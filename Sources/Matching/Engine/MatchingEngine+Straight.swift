import Orders

/// The straight way of what nearly every command is: an order that rests without trading, an immediate one that finds
/// nothing, the cancel of an order in a book of ordinary orders.
///
/// Everything that may be in the way is asked first; after that nothing is called and nothing can fail, so that the
/// machine code is short and needs few registers. Whatever is not so goes the plain way or the long way, which do the same.
extension MatchingEngine {
    /// False when it is not so: nothing has been done then.
    @inline(__always) mutating func enterStraight<Asked: Request, Receiver: MatchReceiver>(
        _ command: Asked, _ receiver: inout Receiver
    ) -> Bool {
        let book = recent
        guard book.pointee.isOrdinary(marks: command.marks),
            Self.isOrdinary(quantityAndSession: command.quantityAndSession), command.originalClientOrderID == 0,
            command.clientOrderID != 0, book.pointee.isInBand(command.price),
            book.pointee.count < book.pointee.maximumOrders, arena.hasRoom(session: command.session), receiver.hasRoom
        else { return false }
        let side = book.side(command.side)
        let key = BookSide.key(command.price, command.side)
        let place = arena.place(session: command.session, clientOrderID: command.clientOrderID)
        let bucket = arena.index.link(place)
        // What is a better key for one side is a worse one for the other.
        guard side.pointee.lit.isInRing(key), book.side(against: command.side).pointee.lit.best > 0 &- key,
            arena.index.isSurelyNew(place, in: bucket)
        else { return false }
        hasTerms = false
        receiver.accepted(Aggressor(command), hasRoom: true)
        guard command.timeInForce == .day else {
            receiver.ended(Aggressor(command), .immediateOrCancelRemainder, hasRoom: true)
            return true
        }
        // One thing after the other, each with what it needs read anew: few registers.
        book.pointee.count &+= 1
        let (position, slot) = arena.takeStraight(session: command.session, at: place, before: bucket)
        let last = side.pointee.lit.appendInRing(position, key: key)
        arena.orders[Int(last)].next = position
        let order = arena.orders + Int(position)
        order.write(command, book: book.pointee.position, behind: last, slot: slot, chain: bucket)
        return true
    }

    /// Both within what the straight way takes: quantity 1…2³⁰, session 1…1,024.
    @inline(__always) private static func isOrdinary(quantityAndSession: UInt64) -> Bool {
        (quantityAndSession &- 0x1_0000_0001) & 0xFFFF_FC00_C000_0000 == 0
    }

    /// False when it is not so: nothing has been done then.
    @inline(__always) mutating func cancelStraight<Asked: Request, Receiver: MatchReceiver>(
        _ command: Asked, _ receiver: inout Receiver
    ) -> Bool {
        guard let link = arena.link(session: command.session, clientOrderID: command.originalClientOrderID) else {
            return false
        }
        let position = arena.index.position(link.pointee)
        let order = arena.orders + Int(position)
        // Not the order's own: that would have to be waited for.
        let book = recent
        let side = book.side(order.pointee.side)
        let key = BookSide.key(order.pointee.price, order.pointee.side)
        guard order.isLit(book: book.pointee.position, session: command.session),
            order.pointee.extensionIndex == RestingOrder.none, book.pointee.instrument == command.instrument,
            book.pointee.isPlain, side.pointee.lit.isInRing(key),
            arena.hasEntry(session: command.session), receiver.hasRoom
        else { return false }
        hasTerms = false
        receiver.cancelled(order, lost: order.pointee.leavesQuantity, by: command, hasRoom: true)
        arena.removeStraight(position, at: link, session: command.session)
        side.pointee.lit.removeFromRing(position, key: key, arena.orders)
        book.pointee.count &-= 1
        return true
    }

    /// False when it is not so: nothing has been done then.
    @inline(__always) mutating func replaceStraight<Asked: Request, Receiver: MatchReceiver>(
        _ command: Asked, _ receiver: inout Receiver
    ) -> Bool {
        guard let link = arena.link(session: command.session, clientOrderID: command.originalClientOrderID) else {
            return false
        }
        let position = arena.index.position(link.pointee)
        let order = arena.orders + Int(position)
        let book = books + Int(order.pointee.book)
        let old = BookSide.key(order.pointee.price, order.pointee.side)
        let new = BookSide.key(command.price, order.pointee.side)
        let isLeaves = command.flags & Command.quantityIsLeaves != 0
        // Without a wrap: both are below 2³¹.
        let total = isLeaves ? command.quantity &+ order.pointee.cumulativeQuantity : command.quantity
        guard order.pointee.isOrdinary, book.pointee.instrument == command.instrument, book.pointee.isPlain,
            book.pointee.isInBand(command.price), command.clientOrderID != 0,
            command.quantity &- 1 < UInt32(Int32.max), total <= UInt32(Int32.max),
            total > order.pointee.cumulativeQuantity, receiver.hasRoom
        else { return false }
        let side = book.side(order.pointee.side)
        guard side.pointee.lit.isInRing(old), side.pointee.lit.isInRing(new),
            book.side(against: order.pointee.side).pointee.lit.best > 0 &- new
        else { return false }
        if command.clientOrderID != command.originalClientOrderID {
            guard arena.renameStraight(link, session: command.session, clientOrderID: command.clientOrderID) else {
                return false
            }
        }
        hasTerms = false
        let leaves = total &- order.pointee.cumulativeQuantity
        let before = order.pointee.leavesQuantity
        let keepsPlace = old == new && leaves <= before
        order.pointee.orderID = command.sequence
        order.pointee.price = command.price
        order.pointee.leavesQuantity = leaves
        receiver.replaced(order, before: before, leaves: leaves, by: command, hasRoom: true)
        guard !keepsPlace else { return true }
        side.pointee.lit.removeFromRing(position, key: old, arena.orders)
        side.pointee.lit.appendInRing(position, key: new, arena.orders)
        return true
    }

    /// An ordinary order for a book in which nothing but ordinary orders trade in order of time, and one that breaks no rule,
    /// as far as can be told without looking for other orders.
    @inline(__always) func isPlain<Asked: Request>(_ command: Asked, _ book: UnsafeMutablePointer<Book>) -> Bool {
        book.pointee.isPlain && book.pointee.instrument == command.instrument
            && command.originalClientOrderID | UInt64(command.flags) == 0 && command.side != .none
            && (command.timeInForce == .day || command.timeInForce == .immediateOrCancel)
            && command.quantity &- 1 < UInt32(Int32.max) && command.clientOrderID != 0
            && command.session &- 1 < UInt32(OrderArena.maximumSession) && book.pointee.isInBand(command.price)
            && book.pointee.count < book.pointee.maximumOrders
    }
}
