import Edge
import Runtime
import TestSupport
import Testing
import Wire

@Suite struct SourceFilterTests {
    static func allowed(_ texts: [String], _ source: String) throws -> Bool {
        let filter = try SourceFilter(allowed: texts.map { try IPv4Prefix(parsing: $0) })
        defer { filter.deallocate() }
        return try filter.check(IPv4Address(parsing: source)) == nil
    }

    @Test(
        arguments: [
            ([], "10.0.0.1", false), (["0.0.0.0/0"], "203.0.113.9", true), (["10.0.0.0/24"], "10.0.0.0", true),
            (["10.0.0.0/24"], "10.0.0.255", true), (["10.0.0.0/24"], "10.0.1.0", false),
            (["10.0.0.0/24"], "9.255.255.255", false), (["10.0.0.0/8", "10.1.0.0/16"], "10.2.0.1", true),
            (["10.1.0.0/16", "10.0.0.0/8"], "10.255.0.1", true), (["192.0.2.7"], "192.0.2.7", true),
            (["192.0.2.7"], "192.0.2.8", false), (["255.255.255.255"], "255.255.255.255", true),
        ] as [([String], String, Bool)])
    func sources(prefixes: [String], source: String, isAllowed: Bool) throws {
        #expect(try Self.allowed(prefixes, source) == isAllowed)
    }

    @Test func agreesWithAskingEveryPrefix() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<40 {
            let prefixes = (0..<1 + random.next(below: 64)).map { _ in
                IPv4Prefix(
                    containing: IPv4Address(rawValue: 0x0A00_0000 | UInt32(random.next(below: 1 << 16))),
                    length: 18 + random.next(below: 15))!
            }
            let filter = try SourceFilter(allowed: prefixes)
            defer { filter.deallocate() }
            for _ in 0..<500 {
                let source = IPv4Address(rawValue: 0x0A00_0000 | UInt32(random.next(below: 1 << 16)))
                let isAllowed = prefixes.contains { $0.contains(source) }
                #expect(filter.check(source) == (isAllowed ? nil : .unknownSource))
            }
        }
    }

    @Test func holds1024AndNotOneMore() throws {
        let prefixes = (0..<1025).map {
            IPv4Prefix(containing: IPv4Address(rawValue: 0x0A00_0000 + $0 * 2), length: 32)!
        }
        let filter = try SourceFilter(allowed: Array(prefixes.dropLast()))
        defer { filter.deallocate() }
        #expect(prefixes.dropLast().allSatisfy { filter.check($0.address) == nil })
        #expect(filter.check(IPv4Address(rawValue: 0x0A00_0001)) == .unknownSource)
        #expect(throws: SourceFilterError.tooManyPrefixes(1025)) { try SourceFilter(allowed: prefixes) }
    }
}
