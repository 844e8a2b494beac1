import Runtime

/// Faults a `FaultInjectingDevice` did so far.
public struct FaultCounts: Equatable, Sendable {
    public var dropped: UInt64 = 0
    public var duplicated: UInt64 = 0
    public var reordered: UInt64 = 0
    public var corrupted: UInt64 = 0
    public var truncated: UInt64 = 0

    public init() {}
}

/// A bad wire: another device, with packets lost, doubled, swapped, damaged and cut on the way, by seed.
///
/// The same seed, packets and order of calls give the same faults. One thread calls everything except `free`. A packet
/// that waits for its successor to overtake it is let go by the next `receive` that finds nothing else to do, so no
/// packet stays behind as long as the device is polled.
public struct FaultInjectingDevice: @unchecked Sendable {
    /// The device as the stack sees it.
    public let device: PacketDevice
    private let state: UnsafeMutablePointer<State>

    struct State {
        let inner: PacketDevice
        var receive: FaultyDirection
        var transmit: FaultyDirection
    }

    /// - Parameter inner: must outlive this device; stays its owner's.
    public init(over inner: PacketDevice, receive: FaultRates = .init(), transmit: FaultRates = .init(), seed: UInt64) {
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                inner: inner, receive: FaultyDirection(receive, seed: seed),
                // Two streams, so that faults in one direction do not shift those in the other.
                transmit: FaultyDirection(transmit, seed: ~seed)))
        device = PacketDevice(
            context: UnsafeMutableRawPointer(state),
            receive: { Self.state($0).pointee.receive($1.assumingMemoryBound(to: Packet.self), $2) },
            transmit: { Self.state($0).pointee.transmit($1.assumingMemoryBound(to: Packet.self), $2) },
            allocate: {
                Self.state($0).pointee.inner.allocate(into: $1.assumingMemoryBound(to: Packet.self), count: $2)
            },
            free: { Self.state($0).pointee.inner.free($1.assumingMemoryBound(to: Packet.self), count: $2) },
            macAddress: inner.macAddress, mtu: inner.mtu)
    }

    private static func state(_ context: UnsafeMutableRawPointer) -> UnsafeMutablePointer<State> {
        context.assumingMemoryBound(to: State.self)
    }

    /// Gives packets still on their way back to the inner device, then the memory.
    public func deallocate() {
        state.pointee.receive.deallocate(freeingTo: state.pointee.inner)
        state.pointee.transmit.deallocate(freeingTo: state.pointee.inner)
        state.deallocate()
    }

    public var receiveCounts: FaultCounts { state.pointee.receive.counts }
    public var transmitCounts: FaultCounts { state.pointee.transmit.counts }
}

extension FaultInjectingDevice.State {
    mutating func receive(_ packets: UnsafeMutablePointer<Packet>, _ count: Int) -> Int {
        transmit.releaseHeld()
        transmit.drain(to: inner)
        var taken = 0
        while taken < count {
            if let packet = receive.ready.pop() {
                (packets + taken).initialize(to: packet)
                taken += 1
            } else if inner.receive(into: packets + taken, count: 1) == 1 {
                receive.pass(packets[taken], of: inner)
            } else if !receive.releaseHeld() {
                break
            }
        }
        return taken
    }

    mutating func transmit(_ packets: UnsafeMutablePointer<Packet>, _ count: Int) -> Int {
        for index in 0..<count {
            transmit.drain(to: inner)
            guard transmit.ready.isEmpty else { return index }
            transmit.pass(packets[index], of: inner)
        }
        transmit.drain(to: inner)
        return count
    }
}
