import NetStack
import Testing
import Wire

@Suite struct NeighbourTableTests {
    static let now: UInt64 = 1_700_000_000_000_000_000
    static let address = IPv4Address(10, 0, 0, 9)
    static let first = MACAddress(rawValue: 0x0200_0000_0009)
    static let second = MACAddress(rawValue: 0x0200_0000_000A)

    @Test func learnsRenewsAndForgets() {
        let table = NeighbourTable(lifetimeNanoseconds: 100)
        defer { table.deallocate() }
        #expect(table.lookUp(Self.address, now: Self.now) == nil)
        table.learn(Self.address, Self.first, now: Self.now)
        #expect(table.lookUp(Self.address, now: Self.now + 99) == Self.first)
        #expect(table.lookUp(Self.address, now: Self.now + 100) == nil)
        table.learn(Self.address, Self.second, now: Self.now + 100)
        #expect(table.lookUp(Self.address, now: Self.now + 150) == Self.second)
        #expect(table.count(now: Self.now + 150) == 1)
        #expect(table.lookUp(Self.address, now: Self.now) == Self.second, "the clock went back")
    }

    @Test func zeroIsNobody() {
        let table = NeighbourTable()
        defer { table.deallocate() }
        #expect(table.lookUp(.any, now: 0) == nil)
    }

    @Test func aFloodPushesOutTheOldestAndStaysBounded() {
        let table = NeighbourTable()
        defer { table.deallocate() }
        for step in 0..<UInt32(10_000) {
            let address = IPv4Address(rawValue: 0x0A00_0000 + step)
            table.learn(address, MACAddress(rawValue: UInt64(step) + 2), now: Self.now + UInt64(step))
            #expect(table.lookUp(address, now: Self.now + UInt64(step)) == MACAddress(rawValue: UInt64(step) + 2))
        }
        #expect(table.count(now: Self.now + 10_000) <= NeighbourTable.capacity)
    }
}
