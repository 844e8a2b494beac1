import Orders

/// The C interface of the public matching-engine-benchmark, over the engine as it is: one instrument with every rule compiled in, any
/// identifier, any price within ±2⁶², and room for `orderCapacity` live orders.

/// Live orders there is room for; what exceeds it is refused like on any venue.
private let orderCapacity = 1 << 22

private struct State: ~Copyable {
    var engine: MatchingEngine
    var reports: YardstickReports
    /// Set when the ring is one of our own making, for want of a transport that uses it.
    var ownsRing: Bool
}

/// A raw pointer with a literal as its first value: read without a check whether it has been initialised.
nonisolated(unsafe) private var state: UnsafeMutablePointer<State>?

@_cdecl("engine_init")
public func engineInit(_ seed: UInt64, _ transport: UnsafeRawPointer?, _ sink: UnsafeMutableRawPointer?) {
    let bound = InstrumentSpecification.priceBound
    var instrument = InstrumentSpecification(
        id: 1, symbol: "YARDSTICK", minimumPrice: -bound, maximumPrice: bound, referencePrice: 0,
        maximumOrders: orderCapacity)
    instrument.windowTicks = 65_536
    // The sink is what our own `create` returned: the benchmark uses the transport an engine brings.
    let ring = sink?.assumingMemoryBound(to: YardstickRing.self).pointee ?? YardstickRing(capacity: 1 << 20)
    let fresh = UnsafeMutablePointer<State>.allocate(capacity: 1)
    fresh.initialize(
        to: State(
            engine: MatchingEngine(instruments: [instrument], seed: seed), reports: YardstickReports(ring),
            ownsRing: sink == nil))
    // Pages come before the first message, as they do in a node, whose memory is locked.
    fresh.pointee.engine.touchMemory(orders: 1 << 20)
    state = fresh
}

@_cdecl("engine_shutdown")
public func engineShutdown() {
    guard let old = state else { return }
    state = nil
    if old.pointee.ownsRing { old.pointee.reports.ring.memory.deallocate() }
    old.deinitialize(count: 1)
    old.deallocate()
}

/// Identifier 0 is one like any other there; here it means none, so a second session has it, by the long way.
@inline(__always) private func name(_ command: inout Command, _ identifier: UInt64) {
    command.session = identifier == 0 ? 2 : 1
    command.clientOrderID = identifier == 0 ? 1 : identifier
}

/// A new order of the benchmark as it lies in its message.
private struct NewMessage: Request {
    let message: UnsafeRawPointer
    @inline(__always) var clientOrderID: UInt64 { message.load(as: UInt64.self) }
    @inline(__always) var sequence: UInt64 { message.load(fromByteOffset: 8, as: UInt64.self) }
    @inline(__always) var price: Int64 { message.load(fromByteOffset: 16, as: Int64.self) }
    @inline(__always) var quantity: UInt32 { message.load(fromByteOffset: 24, as: UInt32.self) }
    @inline(__always) var side: Side { message.load(fromByteOffset: 28, as: UInt8.self) == 0 ? .buy : .sell }
    @inline(__always) var timeInForce: TimeInForce {
        message.load(fromByteOffset: 29, as: UInt8.self) == 0 ? .day : .immediateOrCancel
    }
    var kind: CommandKind { .newOrder }
    var session: UInt32 { 1 }
    var instrument: UInt32 { 1 }
    var timestampNanoseconds: UInt64 { 0 }
    var clientSequence: UInt64 { 0 }
    var originalClientOrderID: UInt64 { 0 }
    var flags: UInt8 { 0 }
}

/// A cancel of the benchmark as it lies in its message.
private struct CancelMessage: Request {
    let message: UnsafeRawPointer
    @inline(__always) var clientOrderID: UInt64 { message.load(as: UInt64.self) }
    @inline(__always) var sequence: UInt64 { message.load(fromByteOffset: 8, as: UInt64.self) }
    @inline(__always) var originalClientOrderID: UInt64 { clientOrderID }
    var kind: CommandKind { .cancel }
    var session: UInt32 { 1 }
    var instrument: UInt32 { 1 }
    var price: Int64 { 0 }
    var quantity: UInt32 { 0 }
    var side: Side { .none }
    var timeInForce: TimeInForce { .none }
    var timestampNanoseconds: UInt64 { 0 }
    var clientSequence: UInt64 { 0 }
    var flags: UInt8 { 0 }
}

/// A modify of the benchmark as it lies in its message.
private struct ModifyMessage: Request {
    let message: UnsafeRawPointer
    @inline(__always) var clientOrderID: UInt64 { message.load(as: UInt64.self) }
    @inline(__always) var sequence: UInt64 { message.load(fromByteOffset: 8, as: UInt64.self) }
    @inline(__always) var price: Int64 { message.load(fromByteOffset: 16, as: Int64.self) }
    @inline(__always) var quantity: UInt32 { message.load(fromByteOffset: 24, as: UInt32.self) }
    @inline(__always) var originalClientOrderID: UInt64 { clientOrderID }
    var session: UInt32 { 1 }
    var kind: CommandKind { .replace }
    var instrument: UInt32 { 1 }
    var side: Side { .none }
    var timeInForce: TimeInForce { .none }
    var timestampNanoseconds: UInt64 { 0 }
    var clientSequence: UInt64 { 0 }
    var flags: UInt8 { Command.quantityIsLeaves }
}

@_cdecl("engine_on_new_order")
public func engineOnNewOrder(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    // Identifier 0 does not go straight.
    if !state.pointee.engine.enterStraight(NewMessage(message: message), &state.pointee.reports) { enter(message) }
}

/// Apart, so that what goes straight need not be written to memory as a command.
@inline(never) private func enter(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    let order = NewMessage(message: message)
    var command = Command(
        kind: .newOrder, sequence: order.sequence, price: order.price, quantity: order.quantity, instrument: 1,
        side: order.side, timeInForce: order.timeInForce)
    name(&command, order.clientOrderID)
    state.pointee.engine.enterPlain(command, &state.pointee.reports)
}

@_cdecl("engine_on_cancel")
public func engineOnCancel(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    if !state.pointee.engine.cancelStraight(CancelMessage(message: message), &state.pointee.reports) {
        cancelAny(message)
    }
}

@inline(never) private func cancelAny(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    let request = CancelMessage(message: message)
    var command = Command(kind: .cancel, sequence: request.sequence, instrument: 1)
    name(&command, request.clientOrderID)
    command.originalClientOrderID = command.clientOrderID
    state.pointee.engine.cancelAny(command, &state.pointee.reports)
}

@_cdecl("engine_on_modify")
public func engineOnModify(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    if !state.pointee.engine.replaceStraight(ModifyMessage(message: message), &state.pointee.reports) {
        modify(message)
    }
}

@inline(never) private func modify(_ message: UnsafeRawPointer) {
    let state = state.unsafelyUnwrapped
    let request = ModifyMessage(message: message)
    var command = Command(
        kind: .replace, sequence: request.sequence, price: request.price, quantity: request.quantity, instrument: 1,
        flags: Command.quantityIsLeaves)
    name(&command, request.clientOrderID)
    command.originalClientOrderID = command.clientOrderID
    state.pointee.engine.replacePlain(command, &state.pointee.reports)
}

/// Everything is done when a call returns.
@_cdecl("engine_flush")
public func engineFlush() {}

@_cdecl("engine_query_best_bid")
public func engineQueryBestBid() -> Int64 { state.unsafelyUnwrapped.pointee.engine.bestBid(instrument: 1) ?? .min }

@_cdecl("engine_query_best_ask")
public func engineQueryBestAsk() -> Int64 { state.unsafelyUnwrapped.pointee.engine.bestAsk(instrument: 1) ?? .max }

@_cdecl("engine_query_depth_at")
public func engineQueryDepthAt(_ price: Int64, _ side: UInt8) -> UInt64 {
    state.unsafelyUnwrapped.pointee.engine.depth(instrument: 1, side: side == 0 ? .buy : .sell, price: price)
}

// MARK: Transport

/// As in the benchmark's header: create, push, drain, flush, destroy.
private struct Transport {
    var create: @convention(c) (UInt32) -> UnsafeMutableRawPointer?
    var push: @convention(c) (UnsafeMutableRawPointer?, UnsafeRawPointer?) -> Int32
    var drain: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32) -> UInt32
    var flush: @convention(c) (UnsafeMutableRawPointer?) -> Void
    var destroy: @convention(c) (UnsafeMutableRawPointer?) -> Void
}

nonisolated(unsafe) private let transport: UnsafeMutablePointer<Transport> = {
    let table = UnsafeMutablePointer<Transport>.allocate(capacity: 1)
    table.initialize(
        to: Transport(
            create: { capacity in
                let ring = UnsafeMutablePointer<YardstickRing>.allocate(capacity: 1)
                ring.initialize(to: YardstickRing(capacity: Int(capacity)))
                return UnsafeMutableRawPointer(ring)
            },
            // The engine writes into the ring itself.
            push: { _, _ in 0 },
            drain: { handle, output, limit in
                guard let handle, let output else { return 0 }
                let ring = handle.assumingMemoryBound(to: YardstickRing.self).pointee
                return UInt32(ring.drain(into: output, limit: Int(limit)))
            },
            flush: { _ in },
            destroy: { handle in
                guard let handle else { return }
                let ring = handle.assumingMemoryBound(to: YardstickRing.self)
                ring.pointee.memory.deallocate()
                ring.deallocate()
            }))
    return table
}()

@_cdecl("engine_get_transport")
public func engineGetTransport() -> UnsafeRawPointer { UnsafeRawPointer(transport) }
