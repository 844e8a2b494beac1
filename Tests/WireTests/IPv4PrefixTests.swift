import Testing
import Wire

@Suite struct IPv4PrefixTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"),
        ("192.0.2.7/32", "192.0.2.7", "192.0.2.8"), ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
        ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
    ]) func containsUpToItsLastAddress(text: String, last: String, outside: String) throws {
        let prefix = try IPv4Prefix(parsing: text)
        #expect(prefix.last.description == last)
        #expect(prefix.contains(prefix.address) && prefix.contains(prefix.last))
        #expect(try !prefix.contains(IPv4Address(parsing: outside)))
    }

    @Test func lengthZeroIsEverything() throws {
        let all = try IPv4Prefix(parsing: "0.0.0.0/0")
        #expect(all.contains(.any) && all.contains(IPv4Address(255, 255, 255, 255)))
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0/8/8", "10.0.0.0/x"])
    func wrongTextIsRefused(text: String) {
        #expect(throws: AddressTextError.self) { try IPv4Prefix(parsing: text) }
    }

    @Test func bitsBehindThePrefixNameBothRemedies() {
        let error = #expect(throws: AddressTextError.self) { try IPv4Prefix(parsing: "192.0.2.7/24") }
        #expect(
            error?.description
                == "\"192.0.2.7/24\": has bits set behind the prefix; "
                + "write 192.0.2.0/24 for the block or 192.0.2.7/32 for the host")
    }

    @Test func containingClearsTheHostBits() {
        #expect(IPv4Prefix(containing: IPv4Address(10, 1, 2, 3), length: 16)?.description == "10.1.0.0/16")
        #expect(IPv4Prefix(containing: .any, length: 33) == nil)
        #expect(IPv4Prefix(containing: .any, length: -1) == nil)
    }
}
