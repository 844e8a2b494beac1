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
        #expect(table.learn(Self.address, Self.first, now: Self.now) == .learned)
        #expect(table.lookUp(Self.address, now: Self.now + 99) == Self.first)
        #expect(table.lookUp(Self.address, now: Self.now + 100) == nil)
        #expect(table.learn(Self.address, Self.second, now: Self.now + 100) == .learned)
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
            _ = table.learn(address, MACAddress(rawValue: UInt64(step) + 2), now: Self.now + UInt64(step))
            #expect(table.lookUp(address, now: Self.now + UInt64(step)) == MACAddress(rawValue: UInt64(step) + 2))
        }
        #expect(table.count(now: Self.now + 10_000) <= NeighbourTable.capacity)
    }

    @Test func aReplyNobodyAskedForTeachesNothing() {
        let table = NeighbourTable()
        defer { table.deallocate() }
        #expect(!table.confirm(Self.address, Self.first, now: Self.now))
        #expect(table.lookUp(Self.address, now: Self.now) == nil)
        _ = table.learn(Self.address, Self.first, now: Self.now)
        #expect(!table.confirm(Self.address, Self.second, now: Self.now))
        #expect(table.lookUp(Self.address, now: Self.now) == Self.first)
    }

    /// The questions the table asks in the seconds after `start`, as `second:mac`, `all` for everybody.
    static func questions(_ table: NeighbourTable, from start: UInt64, seconds: UInt64) -> [String] {
        (0...seconds).flatMap { second -> [String] in
            var asked: [String] = []
            while let question = table.nextQuestion(now: start + second * 1_000_000_000) {
                asked.append("\(second):\(question.mac.map { $0 == first ? "first" : "second" } ?? "all")")
            }
            return asked
        }
    }

    @Test func anotherHardwareAddressIsVerifiedNotBelieved() {
        let table = NeighbourTable()
        defer { table.deallocate() }
        _ = table.learn(Self.address, Self.first, now: Self.now)
        #expect(table.learn(Self.address, Self.second, now: Self.now) == .contested)
        #expect(table.lookUp(Self.address, now: Self.now) == Self.first)
        #expect(!table.confirm(Self.address, Self.second, now: Self.now), "nothing was asked yet")
        #expect(Self.questions(table, from: Self.now, seconds: 0) == ["0:first"])
        #expect(!table.confirm(Self.address, Self.second, now: Self.now), "only the first was asked")
        #expect(table.confirm(Self.address, Self.first, now: Self.now))
        #expect(Self.questions(table, from: Self.now, seconds: 9) == [], "settled")
    }

    @Test func whoMovedIsFoundByAskingEverybody() {
        let table = NeighbourTable()
        defer { table.deallocate() }
        _ = table.learn(Self.address, Self.first, now: Self.now)
        _ = table.learn(Self.address, Self.second, now: Self.now)
        #expect(Self.questions(table, from: Self.now, seconds: 2) == ["0:first", "1:first", "2:all"])
        #expect(table.confirm(Self.address, Self.second, now: Self.now + 2_000_000_000))
        #expect(table.lookUp(Self.address, now: Self.now + 2_000_000_000) == Self.second)
    }

    @Test func whoIsUsedIsAskedBeforeExpiryAndForgottenInSilence() {
        let table = NeighbourTable(lifetimeNanoseconds: 60_000_000_000)
        defer { table.deallocate() }
        let unused = IPv4Address(10, 0, 0, 10)
        _ = table.learn(Self.address, Self.first, now: Self.now)
        _ = table.learn(unused, Self.second, now: Self.now)
        #expect(table.lookUp(Self.address, now: Self.now) == Self.first)
        let asked = ["55:first", "56:first", "57:all", "58:all", "59:all"]
        #expect(Self.questions(table, from: Self.now, seconds: 70) == asked)
        #expect(table.count(now: Self.now + 59_000_000_000) == 1, "the silent one is forgotten, the unused one is not")
    }

    @Test func whoAnswersTheFirstQuestionStays() {
        let table = NeighbourTable(lifetimeNanoseconds: 60_000_000_000)
        defer { table.deallocate() }
        _ = table.learn(Self.address, Self.first, now: Self.now)
        _ = table.lookUp(Self.address, now: Self.now)
        #expect(Self.questions(table, from: Self.now, seconds: 55) == ["55:first"])
        #expect(table.confirm(Self.address, Self.first, now: Self.now + 55_000_000_000))
        #expect(table.lookUp(Self.address, now: Self.now + 110_000_000_000) == Self.first)
    }
}
