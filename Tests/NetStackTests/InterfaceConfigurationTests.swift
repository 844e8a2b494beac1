import NetStack
import Runtime
import TestSupport
import Testing
import Wire

@Suite struct InterfaceConfigurationTests {
    static func make(
        mac: UInt64 = 0x0200_0000_0001, ip: IPv4Address = IPv4Address(10, 0, 0, 1), prefixLength: Int = 24,
        mtu: Int = 1500, vlan: UInt16 = 0, groups: [IPv4Address] = []
    ) throws(InterfaceConfigurationError) -> InterfaceConfiguration {
        try InterfaceConfiguration(
            macAddress: MACAddress(rawValue: mac), ipAddress: ip, prefixLength: prefixLength, mtu: mtu, vlan: vlan,
            multicastGroups: groups)
    }

    @Test func mistakesAreRefused() {
        #expect(throws: InterfaceConfigurationError.macAddressNotAStation(.broadcast)) {
            try Self.make(mac: 0xFFFF_FFFF_FFFF)
        }
        #expect(throws: InterfaceConfigurationError.ipAddressNotAHost(.any)) { try Self.make(ip: .any) }
        #expect(throws: InterfaceConfigurationError.prefixLengthOutOfRange(33)) { try Self.make(prefixLength: 33) }
        #expect(throws: InterfaceConfigurationError.mtuOutOfRange(67)) { try Self.make(mtu: 67) }
        #expect(throws: InterfaceConfigurationError.vlanOutOfRange(4095)) { try Self.make(vlan: 4095) }
        #expect(throws: InterfaceConfigurationError.notAMulticastGroup(IPv4Address(10, 0, 0, 1))) {
            try Self.make(groups: [IPv4Address(10, 0, 0, 1)])
        }
        var marking = TransmitMarking()
        marking.control.priority = 8
        #expect(throws: InterfaceConfigurationError.markingOutOfRange(marking.control)) {
            try InterfaceConfiguration(
                macAddress: FrameBuilder.ownMAC, ipAddress: FrameBuilder.ownAddress, marking: marking)
        }
        let groups = (0..<65).map { IPv4Address(rawValue: 0xE100_0000 + $0) }
        #expect(throws: InterfaceConfigurationError.tooManyMulticastGroups(65)) { try Self.make(groups: groups) }
    }

    @Test func everyErrorSaysWhatToDo() {
        #expect(InterfaceConfigurationError.mtuOutOfRange(9).description.contains("write 1500"))
        #expect(InterfaceConfigurationError.notAMulticastGroup(.any).description.contains("224.0.0.0/4"))
    }

    @Test func sixtyFourGroupsAreAllAcceptedAndNoOther() throws {
        var random = SplitMix64(seed: 5)
        for _ in 0..<50 {
            var groups: Set<IPv4Address> = []
            while groups.count < 64 {
                groups.insert(IPv4Address(rawValue: 0xE000_0000 | UInt32(random.next(below: 512))))
            }
            let interface = try Self.make(groups: Array(groups) + groups)
            defer { interface.deallocate() }
            for low in 0..<UInt32(512) {
                let group = IPv4Address(rawValue: 0xE000_0000 | low)
                #expect(interface.accepts(group: group) == (groups.contains(group) || group == .allSystems))
            }
        }
    }
}
