import Edge
import Testing
import Wire

@Suite struct AccessListTests {
    private static func host(_ number: Int) -> IPv4Address { IPv4Address(rawValue: 0x1400_0000 + UInt32(number) * 3) }

    private static func rule(_ number: Int) -> AccessRule {
        AccessRule(.deny, source: IPv4Prefix(containing: host(number), length: 32)!)
    }

    @Test func holds1024RulesAndNotOneMore() throws {
        var rules = FilterRules()
        rules.acl = (0..<1_024).map(Self.rule)
        let bench = try FilterBench(rules)
        for number in 0..<1_024 { #expect(bench.check(Self.host(number)) == .aclDenied) }
        #expect(bench.check(IPv4Address(rawValue: 0x1400_0001)) == nil)
        #expect(bench.check(Self.host(1_024)) == nil)
        rules.acl.append(Self.rule(1_024))
        #expect(throws: FilterRulesError.tooManyAccessRules(1_025)) { try bench.publish(rules) }
    }

    /// The same packet matches every rule: the first decides, wherever the rules after it stand.
    @Test(arguments: [1, 2, 63, 64, 65, 512, 1_024]) func firstMatchWins(count: Int) throws {
        var rules = FilterRules()
        rules.acl = (0..<count).map {
            AccessRule($0 == count - 1 ? .deny : .allow, sourcePorts: 0...UInt16(40_000 + $0))
        }
        let bench = try FilterBench(rules)
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: 40_000) == (count == 1 ? .aclDenied : nil))
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: UInt16(40_000 + count - 1)) == .aclDenied)
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: UInt16(40_000 + count)) == nil)
    }

    @Test(arguments: [0, 1, 65_534, 65_535] as [UInt16]) func portsAreTheirWholeRange(port: UInt16) throws {
        var rules = FilterRules()
        rules.amplificationPorts = []
        rules.acl = [AccessRule(.deny, sourcePorts: port...port, destinationPorts: 0...9_000)]
        let bench = try FilterBench(rules)
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: port) == .aclDenied)
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: port ^ 1) == nil)
        #expect(bench.check(IPv4Address(9, 9, 9, 9), port: port, to: FilterBench.own, 9_001) == nil)
    }
}
