import OrderEntry
import Testing

@Suite struct SessionConfigurationTests {
    @Test(
        arguments: [
            (32, 0x0A01_0203, true), (32, 0x0A01_0204, false), (24, 0x0A01_02FF, true), (24, 0x0A01_03FF, false),
            (0, 0xFFFF_FFFF, true), (-5, 0, true), (40, 0x0A01_0203, true), (40, 0x0A01_0202, false),
        ] as [(Int, UInt32, Bool)])
    func anAddressIsComparedUpToThePrefix(length: Int, source: UInt32, isAllowed: Bool) {
        let configuration = SessionConfiguration(
            session: 1, participant: 1, accessKey: EstablishRequest.InlineKey([]), sources: [(0x0A01_0203, length)])
        #expect(configuration.allows(source: source) == isAllowed)
    }

    @Test func withoutSourcesNobodyMayCome() {
        let configuration = SessionConfiguration(
            session: 1, participant: 1, accessKey: EstablishRequest.InlineKey([]), sources: [])
        #expect(!configuration.allows(source: 0))
    }
}
