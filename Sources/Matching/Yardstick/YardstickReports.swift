import Orders
import Synchronization

/// The reports of the public benchmark: 64 bytes each, in a ring to the thread that drains them.
///
/// Layout by the benchmark's `matching_engine_api.h`: type at 0, side at 1, sequence at 8, order at 16, price at 24, quantity at 32,
/// resting order at 40, incoming order at 48. One producer, one consumer; each report is published by itself, so that it is
/// counted once.
struct YardstickReports {
    enum Kind: UInt8 {
        case orderAck = 0
        case trade = 1
        case cancelAck = 2
        case modifyAck = 3
        case cancelReject = 4
        case modifyReject = 5
    }

    static let reportSize = 64
    let ring: YardstickRing
    /// Reports that can be written without asking how far the consumer is.
    private var end: UInt64

    init(_ ring: YardstickRing) {
        self.ring = ring
        end = ring.capacity
    }

    @inline(__always) private mutating func add(
        _ kind: Kind, _ side: Side, sequence: UInt64, order: UInt64, price: Int64 = 0, quantity: UInt32 = 0,
        resting: UInt64 = 0, incoming: UInt64 = 0, hasRoom: Bool = false
    ) {
        let written = written
        if !hasRoom, written == end { waitForRoom() }
        let slot = ring.slots + Int(truncatingIfNeeded: written & (ring.capacity &- 1)) &* Self.reportSize
        let head = UInt64(kind.rawValue) | (side == .sell ? 1 << 8 : 0)
        slot.storeBytes(of: head, as: UInt64.self)
        slot.storeBytes(of: sequence, toByteOffset: 8, as: UInt64.self)
        slot.storeBytes(of: order, toByteOffset: 16, as: UInt64.self)
        slot.storeBytes(of: price, toByteOffset: 24, as: Int64.self)
        slot.storeBytes(of: UInt64(quantity), toByteOffset: 32, as: UInt64.self)
        slot.storeBytes(of: resting, toByteOffset: 40, as: UInt64.self)
        slot.storeBytes(of: incoming, toByteOffset: 48, as: UInt64.self)
        ring.published.pointee.store(written &+ 1, ordering: .releasing)
    }

    @inline(never) private mutating func waitForRoom() {
        repeat { end = ring.read.pointee.load(ordering: .acquiring) &+ ring.capacity } while written == end
    }

    @inline(__always) var hasRoom: Bool { end &- written >= 2 }

    /// Reports so far. Only this thread writes it.
    @inline(__always) private var written: UInt64 { ring.published.pointee.load(ordering: .relaxed) }
}

extension YardstickReports: MatchReceiver {
    @inline(__always) mutating func accepted(_ order: Aggressor, hasRoom: Bool) {
        add(
            .orderAck, order.side, sequence: order.sequence, order: Self.name(order.session, order.clientOrderID),
            price: order.price, quantity: order.leavesQuantity, hasRoom: hasRoom)
    }

    @inline(__always) mutating func traded(
        _ order: Aggressor, _ resting: UnsafePointer<RestingOrder>, leaves: UInt32, quantity: UInt32, price: Int64,
        trade: UInt64
    ) {
        let incoming = Self.name(order.session, order.clientOrderID)
        add(
            .trade, order.side, sequence: order.sequence, order: incoming, price: price, quantity: quantity,
            resting: Self.name(UInt32(resting.pointee.session), resting.pointee.clientOrderID), incoming: incoming)
    }

    @inline(__always) mutating func ended(_ order: Aggressor, _ reason: RejectReason, hasRoom: Bool) {
        add(
            .cancelAck, order.side, sequence: order.sequence, order: Self.name(order.session, order.clientOrderID),
            price: order.price, hasRoom: hasRoom)
    }

    @inline(__always) mutating func cancelled<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, lost: UInt32, by command: Asked, hasRoom: Bool
    ) {
        add(
            .cancelAck, resting.pointee.side, sequence: command.sequence,
            order: Self.name(command.session, command.originalClientOrderID), price: resting.pointee.price,
            hasRoom: hasRoom)
    }

    @inline(__always) mutating func replaced<Asked: Request>(
        _ resting: UnsafePointer<RestingOrder>, before: UInt32, leaves: UInt32, by command: Asked, hasRoom: Bool
    ) {
        add(
            .modifyAck, resting.pointee.side, sequence: command.sequence,
            order: Self.name(command.session, command.originalClientOrderID), price: command.price, quantity: leaves,
            hasRoom: hasRoom)
    }

    @inline(__always) mutating func refused(_ command: Command, _ reason: RejectReason) {
        switch command.kind {
        case .cancel, .replace:
            add(
                command.kind == .cancel ? .cancelReject : .modifyReject, command.side, sequence: command.sequence,
                order: Self.name(command.session, command.originalClientOrderID))
        default: break
        }
    }

    /// The benchmark's messages make nothing else.
    @inline(__always) mutating func append(_ report: ExecutionReport) {}

    /// Identifier 0 is an identifier like any other there; here it means none, so a second session has it.
    @inline(__always) static func name(_ session: UInt32, _ identifier: UInt64) -> UInt64 {
        session == 1 ? identifier : 0
    }
}

/// The memory of the ring: cursors on cache lines of their own, then the slots.
struct YardstickRing {
    let memory: UnsafeMutableRawPointer
    /// A power of two.
    let capacity: UInt64

    var published: UnsafeMutablePointer<Atomic<UInt64>> { memory.assumingMemoryBound(to: Atomic<UInt64>.self) }
    var read: UnsafeMutablePointer<Atomic<UInt64>> { (memory + 128).assumingMemoryBound(to: Atomic<UInt64>.self) }
    var slots: UnsafeMutableRawPointer { memory + 256 }

    init(capacity wanted: Int) {
        var capacity = 1_024
        while capacity < wanted { capacity *= 2 }
        self.capacity = UInt64(capacity)
        memory = .allocate(byteCount: 256 + capacity * YardstickReports.reportSize, alignment: 128)
        // Every page is touched here and not when the first report comes to it.
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: 256 + capacity * YardstickReports.reportSize)
    }

    init(memory: UnsafeMutableRawPointer, capacity: UInt64) {
        self.memory = memory
        self.capacity = capacity
    }

    /// Copies up to `limit` published reports out.
    func drain(into output: UnsafeMutableRawPointer, limit: Int) -> Int {
        let from = read.pointee.load(ordering: .relaxed)
        let count = min(published.pointee.load(ordering: .acquiring) &- from, UInt64(limit))
        for offset in 0..<count {
            let slot = slots + Int((from &+ offset) & (capacity &- 1)) &* YardstickReports.reportSize
            (output + Int(offset) &* YardstickReports.reportSize).copyMemory(
                from: slot, byteCount: YardstickReports.reportSize)
        }
        read.pointee.store(from &+ count, ordering: .releasing)
        return Int(count)
    }
}
