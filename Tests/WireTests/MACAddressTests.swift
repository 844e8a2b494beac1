import Testing
import Wire

@Suite struct MACAddressTests {
    @Test func textGoesThereAndBack() throws {
        let address = try MACAddress(parsing: "02:0a:Bc:00:00:2A")
        #expect(address.rawValue == 0x020A_BC00_002A)
        #expect(address.description == "02:0a:bc:00:00:2a")
    }

    @Test(arguments: [
        "", "02", "02:00:00:00:00", "02:00:00:00:00:00:00", "02:00:00:00:00:0", "02:00:00:00:00:zz",
        "02:00:00:00:00:+1",
        "02-00-00-00-00-01", "02:00:00:00::01",
    ]) func wrongTextIsRefusedWithARemedy(text: String) {
        let error = #expect(throws: AddressTextError.self) { try MACAddress(parsing: text) }
        #expect(error?.description.contains("02:00:00:00:00:2a") == true)
    }

    @Test func bytesGoThereAndBack() {
        var bytes = [UInt8](repeating: 0xEE, count: 8)
        bytes.withUnsafeMutableBytes { MACAddress(rawValue: 0x0102_0304_0506).write(to: $0.baseAddress! + 1) }
        #expect(bytes == [0xEE, 1, 2, 3, 4, 5, 6, 0xEE])
        bytes.withUnsafeBytes { #expect(MACAddress(reading: $0.baseAddress! + 1).rawValue == 0x0102_0304_0506) }
    }

    @Test func groupsAndStations() throws {
        #expect(MACAddress.broadcast.isGroup)
        #expect(try !MACAddress(parsing: "01:00:5e:00:00:01").isStation)
        #expect(!MACAddress(rawValue: 0).isStation)
        #expect(try MACAddress(parsing: "02:00:00:00:00:01").isStation)
    }

    @Test func multicastGroupsMapToTheirLow23Bits() throws {
        let group = try IPv4Address(parsing: "233.200.79.1")
        #expect(MACAddress(multicastGroup: group).description == "01:00:5e:48:4f:01")
    }
}
