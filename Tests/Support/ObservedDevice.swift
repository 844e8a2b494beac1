import NetStack

/// A packet device with a function that sees each packet it receives, before the stack does. One thread.
public struct ObservedDevice {
    /// Gets the packet's header and the observer's context; C, so that calling it costs no reference counting.
    public typealias Observer =
        @convention(c) (_ header: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer) -> Void

    private struct State {
        let inner: PacketDevice
        let context: UnsafeMutableRawPointer
        let observe: Observer
    }

    /// The device as the stack sees it.
    public let device: PacketDevice
    private let state: UnsafeMutablePointer<State>

    /// - Parameter context: handed to `observe`; the caller keeps it until after `deallocate()`.
    public init(_ inner: PacketDevice, context: UnsafeMutableRawPointer, observe: @escaping Observer) {
        state = .allocate(capacity: 1)
        state.initialize(to: State(inner: inner, context: context, observe: observe))
        device = PacketDevice(
            context: state,
            receive: { context, packets, count in
                let state = Self.state(context)
                let packets = packets.assumingMemoryBound(to: Packet.self)
                let received = state.pointee.inner.receive(into: packets, count: count)
                for index in 0..<received { state.pointee.observe(packets[index].header, state.pointee.context) }
                return received
            },
            transmit: { Self.inner($0).transmit($1.assumingMemoryBound(to: Packet.self), count: $2) },
            allocate: { Self.inner($0).allocate(into: $1.assumingMemoryBound(to: Packet.self), count: $2) },
            free: { Self.inner($0).free($1.assumingMemoryBound(to: Packet.self), count: $2) },
            macAddress: inner.macAddress, mtu: inner.mtu)
    }

    private static func state(_ context: UnsafeMutableRawPointer) -> UnsafeMutablePointer<State> {
        context.assumingMemoryBound(to: State.self)
    }

    private static func inner(_ context: UnsafeMutableRawPointer) -> PacketDevice { state(context).pointee.inner }

    /// Gives back its own memory; the inner device stays its maker's.
    public func deallocate() { state.deallocate() }
}
