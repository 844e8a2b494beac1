import Wire

/// Who we are on one link: addresses, MTU, and the multicast groups whose packets are for us.
///
/// Made at set-up and copied into the parser and the responder; the copies share the table of groups, which the maker
/// gives back with `deallocate()` after the last of them has stopped.
public struct InterfaceConfiguration: @unchecked Sendable {
    public let macAddress: MACAddress
    public let ipAddress: IPv4Address
    /// The network the interface is on: neighbours are learned from here only.
    public let prefix: IPv4Prefix
    /// Largest IP packet, bytes.
    public let mtu: Int
    /// 802.1Q identifier whose tagged frames are accepted beside untagged ones, and in which frames nobody asked for leave;
    /// 0 accepts and sends untagged ones only.
    public let vlan: UInt16
    /// Frames that belong to no VLAN leave with a tag all the same, VLAN 0, which carries their priority.
    public let sendsPriorityTags: Bool
    public let marking: TransmitMarking
    @usableFromInline let multicastGroups: MulticastGroupTable

    /// - Parameters:
    ///   - prefixLength: bits of the network in `ipAddress`, 0…32.
    ///   - mtu: 68 (RFC 791) … 65,535 bytes.
    ///   - vlan: 0…4094.
    ///   - multicastGroups: at most `maximumMulticastGroups`, duplicates allowed; 224.0.0.1 is always joined.
    public init(
        macAddress: MACAddress, ipAddress: IPv4Address, prefixLength: Int = 24, mtu: Int = 1500, vlan: UInt16 = 0,
        sendsPriorityTags: Bool = false, marking: TransmitMarking = TransmitMarking(),
        multicastGroups: [IPv4Address] = []
    ) throws(InterfaceConfigurationError) {
        guard macAddress.isStation else { throw .macAddressNotAStation(macAddress) }
        guard ipAddress.isPossibleSource else { throw .ipAddressNotAHost(ipAddress) }
        guard let prefix = IPv4Prefix(containing: ipAddress, length: prefixLength) else {
            throw .prefixLengthOutOfRange(prefixLength)
        }
        guard (68...65_535).contains(mtu) else { throw .mtuOutOfRange(mtu) }
        guard vlan < 4095 else { throw .vlanOutOfRange(vlan) }
        for one in [marking.orderReports, marking.control, marking.marketData] where !one.isPossible {
            throw .markingOutOfRange(one)
        }
        for group in multicastGroups where !group.isMulticast { throw .notAMulticastGroup(group) }
        let groups = Set(multicastGroups)
        guard groups.count <= Self.maximumMulticastGroups else { throw .tooManyMulticastGroups(groups.count) }
        self.macAddress = macAddress
        self.ipAddress = ipAddress
        self.prefix = prefix
        self.mtu = mtu
        self.vlan = vlan
        self.sendsPriorityTags = sendsPriorityTags
        self.marking = marking
        self.multicastGroups = MulticastGroupTable(groups.union([.allSystems]))
    }

    /// Half the slots of the table, so that a search ends soon.
    public static var maximumMulticastGroups: Int { MulticastGroupTable.slotCount / 2 }

    public func deallocate() { multicastGroups.deallocate() }

    public func accepts(group: IPv4Address) -> Bool { multicastGroups.contains(group) }
}

/// A set of multicast groups as a table of fixed size with open addressing; 0 is no group and marks an empty slot.
@usableFromInline struct MulticastGroupTable {
    @inlinable static var slotCount: Int { 128 }
    @usableFromInline let slots: UnsafeMutablePointer<UInt32>

    init(_ groups: Set<IPv4Address>) {
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: 0, count: Self.slotCount)
        for group in groups {
            var slot = Self.firstSlot(group)
            while slots[slot] != 0 { slot = Self.slot(after: slot) }
            slots[slot] = group.rawValue
        }
    }

    func deallocate() { slots.deallocate() }

    @inlinable @inline(__always) func contains(_ group: IPv4Address) -> Bool {
        var slot = Self.firstSlot(group)
        while slots[slot] != 0 {
            if slots[slot] == group.rawValue { return true }
            slot = Self.slot(after: slot)
        }
        return false
    }

    /// The top 7 bits of Fibonacci hashing (Knuth, TAOCP 3, §6.4).
    @inlinable @inline(__always) static func firstSlot(_ group: IPv4Address) -> Int {
        Int((group.rawValue &* 0x9E37_79B1) >> 25)
    }

    @inlinable @inline(__always) static func slot(after slot: Int) -> Int { (slot &+ 1) & (slotCount &- 1) }
}

/// Why an interface cannot be set up as asked, and what to write instead.
public enum InterfaceConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    case macAddressNotAStation(MACAddress)
    case ipAddressNotAHost(IPv4Address)
    case prefixLengthOutOfRange(Int)
    case mtuOutOfRange(Int)
    case vlanOutOfRange(UInt16)
    case markingOutOfRange(FrameMarking)
    case notAMulticastGroup(IPv4Address)
    case tooManyMulticastGroups(Int)

    public var description: String {
        switch self {
        case .macAddressNotAStation(let address):
            "interface MAC address \(address) is a group or zero; give one station's address, such as 02:00:00:00:00:01"
        case .ipAddressNotAHost(let address):
            "interface IPv4 address \(address) cannot be a host's; give one of the link's network, such as 10.0.0.1"
        case .prefixLengthOutOfRange(let length):
            "interface prefix length \(length) is outside 0…32; write 24 for a network of 256 addresses"
        case .mtuOutOfRange(let mtu):
            "interface MTU \(mtu) is outside 68…65535 bytes; write 1500 unless the link carries jumbo frames"
        case .vlanOutOfRange(let vlan):
            "VLAN identifier \(vlan) is outside 0…4094; write 0 to accept untagged frames only"
        case .markingOutOfRange(let marking):
            "DSCP \(marking.dscp) with priority \(marking.priority) is outside 0…63 and 0…7; write 46 and 5 for orders"
        case .notAMulticastGroup(let address):
            "\(address) is no multicast group; groups lie in 224.0.0.0/4"
        case .tooManyMulticastGroups(let count):
            "\(count) multicast groups are more than an interface's table holds; "
                + "give at most \(InterfaceConfiguration.maximumMulticastGroups), or split the feeds over interfaces"
        }
    }
}
