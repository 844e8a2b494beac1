import Ethdev
import Testing

@Suite struct TapAddressTests {
    @Test(arguments: [(0, UInt32(0)), (1, 0x8000_0000), (24, 0xFFFF_FF00), (31, 0xFFFF_FFFE), (32, .max)])
    func `a prefix becomes a mask`(prefix: Int, mask: UInt32) {
        #expect(TapAddress(interface: "x", address: 0, prefixLength: prefix).netmask == mask)
    }

    @Test func `an interface that is not there is told`() {
        let address = TapAddress(interface: "nosuchtap0", address: 0x0A00_0001, prefixLength: 24)
        let error = ethdevError { () throws(EthdevError) in try address.apply() }
        #expect(error?.kind == .notFound)
        #expect(error?.attempt == "give interface nosuchtap0 the address 10.0.0.1/24")
    }

    @Test func `a prefix out of range is refused`() {
        let address = TapAddress(interface: "lo", address: 0, prefixLength: 33)
        #expect(ethdevError { () throws(EthdevError) in try address.apply() }?.kind == .configuration)
    }
}
