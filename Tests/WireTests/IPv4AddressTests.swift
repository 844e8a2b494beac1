import Testing
import Wire

@Suite struct IPv4AddressTests {
    @Test(arguments: ["0.0.0.0", "255.255.255.255", "192.0.2.7", "10.200.0.1"])
    func textGoesThereAndBack(text: String) throws {
        #expect(try IPv4Address(parsing: text).description == text)
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.x", "1.2..4", "01.2.3.4", "1.2.3.-4", "1.2.3.4 "])
    func wrongTextIsRefusedWithARemedy(text: String) {
        let error = #expect(throws: AddressTextError.self) { try IPv4Address(parsing: text) }
        #expect(error?.remedy.contains("192.0.2.7") == true)
    }

    @Test(arguments: [
        ("0.0.0.0", false), ("0.1.2.3", false), ("1.0.0.0", true), ("10.0.0.1", true), ("126.255.255.255", true),
        ("127.0.0.1", false), ("128.0.0.1", true), ("223.255.255.255", true), ("224.0.0.1", false),
        ("239.1.1.1", false), ("240.0.0.1", false), ("255.255.255.255", false),
    ]) func possibleSources(text: String, isPossible: Bool) throws {
        #expect(try IPv4Address(parsing: text).isPossibleSource == isPossible)
    }

    @Test func orderIsThatOfTheNumbers() {
        #expect(IPv4Address(9, 255, 255, 255) < IPv4Address(10, 0, 0, 0))
        #expect(IPv4Address(239, 255, 0, 1).isMulticast && !IPv4Address(240, 0, 0, 1).isMulticast)
    }
}
