/// How the frames of one class are marked for the switches and routers on the way.
@frozen public struct FrameMarking: BitwiseCopyable, Equatable, Sendable {
    /// Differentiated services code point (RFC 2474), 0…63.
    public var dscp: UInt8
    /// 802.1p priority code point (IEEE 802.1Q §6.9.3), 0…7; sent only where a frame carries a tag.
    public var priority: UInt8

    @inlinable public init(dscp: UInt8, priority: UInt8) {
        self.dscp = dscp
        self.priority = priority
    }

    /// The number of bits a field has.
    public var isPossible: Bool { dscp < 64 && priority < 8 }

    /// Place of the priority in the order switches serve them: 1, background, is below 0 (IEEE 802.1Q Annex I).
    public var rank: UInt8 { priority == 0 ? 1 : priority == 1 ? 0 : priority }
}

/// The marking of each class of frames that leave.
///
/// The defaults keep the node's own order of service (orders, control, market data) on the way: expedited forwarding
/// for reports (RFC 3246), CS5 for what keeps the link usable, CS3, "broadcast video", for feeds (RFC 4594 §2.3), and of
/// the priorities 5 to 3 those that IEEE 802.1Q Annex I gives to voice, video and critical applications.
@frozen public struct TransmitMarking: BitwiseCopyable, Equatable, Sendable {
    public var orderReports = FrameMarking(dscp: 46, priority: 5)
    public var control = FrameMarking(dscp: 40, priority: 4)
    public var marketData = FrameMarking(dscp: 24, priority: 3)

    public init() {}
}

extension InterfaceConfiguration {
    /// The four bytes of the 802.1Q tag of a frame in `vlan`, as a number; 0 when it goes untagged.
    /// - Parameter vlan: identifier 0…4094; 0 gives a priority tag where the interface sends them.
    public func tag(_ marking: FrameMarking, vlan: UInt16) -> UInt32 {
        guard vlan != 0 || sendsPriorityTags else { return 0 }
        return 0x8100_0000 | UInt32(marking.priority) << 13 | UInt32(vlan)
    }
}
