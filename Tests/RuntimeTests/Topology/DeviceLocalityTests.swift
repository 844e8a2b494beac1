import Runtime
import TestSupport
import Testing

@Suite struct DeviceLocalityTests {
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try RecordedTopology(
            """
            online 0-3
            node 0: 0-1
            node 1: 2-3
            pci 0000:81:00.0: 1
            pci 0000:03:00.0: -1
            net eth0: 0
            """
        ).write(to: folder.path)
        return folder
    }

    @Test func nicsAndInterfacesHaveTheirNode() throws {
        let folder = try folder()
        let far = try DeviceLocality(of: .pci("0000:81:00.0"), root: folder.path)
        #expect(far.node == 1 && far.nearCPUs == [2, 3])
        #expect(try DeviceLocality(of: .pci("0000:03:00.0"), root: folder.path).node == nil)
        #expect(try DeviceLocality(of: .interface("eth0"), root: folder.path).node == 0)
        // The loopback interface is no device: there is no folder of that name under its own.
        #expect(try DeviceLocality(of: .interface("lo")) == DeviceLocality(of: .interface("lo"), root: "/"))
        #expect(try DeviceLocality(of: .interface("lo")).node == nil)
    }

    @Test func missingDevicesAreNamedWithWhatListsThem() throws {
        let folder = try folder()
        let error = #expect(throws: TopologyError.self) {
            try DeviceLocality(of: .pci("0000:99:00.0"), root: folder.path)
        }
        #expect("\(error!)".contains("PCI device 0000:99:00.0") && "\(error!)".contains("lspci -D"))
        let other = #expect(throws: TopologyError.self) {
            try DeviceLocality(of: .interface("eth9"), root: folder.path)
        }
        #expect("\(other!)".contains("interface eth9") && "\(other!)".contains("ip link"))
    }

    @Test func aNodeThatIsNoNumberIsRefused() throws {
        let folder = try folder()
        let file = try folder.write("near", to: "sys/bus/pci/devices/0000:81:00.0/numa_node")
        #expect(throws: TopologyError.notNumbers(file: file, text: "near", expected: "a whole number")) {
            try DeviceLocality(of: .pci("0000:81:00.0"), root: folder.path)
        }
    }
}
