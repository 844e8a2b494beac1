import Edge
import Runtime
import Testing
import Wire

@Suite struct FilterRulesTests {
    @Test func changesAreNamed() throws {
        let old = FilterRules()
        #expect(old.changes(from: old).isEmpty)
        var new = old
        new.acl = [AccessRule(.deny, source: try IPv4Prefix(parsing: "203.0.113.0/24"))]
        new.amplificationPorts.removeLast()
        new.unknownSources = RateLimit(packetsPerSecond: 5, burst: 2)!
        new.grantIdleSeconds = 60
        #expect(
            new.changes(from: old) == [
                "acl: 0 → 1 (1 added, 0 removed)", "amplificationPorts: 17 → 16 (0 added, 1 removed)",
                "unknownSources: 10000/s, burst 1000 → 5/s, burst 2", "grantIdleSeconds: 300 → 60",
            ])
        var turned = new
        turned.acl.append(AccessRule(.allow))
        var other = turned
        other.acl.reverse()
        #expect(other.changes(from: turned) == ["acl: 2 → 2 (0 added, 0 removed, order changed)"])
    }

    @Test func rulesAreReadableInOneLine() throws {
        let rule = AccessRule(
            .deny, source: try IPv4Prefix(parsing: "203.0.113.0/24"),
            destination: try IPv4Prefix(parsing: "198.18.0.2"),
            transport: .udp, sourcePorts: 1_024...65_535, destinationPorts: 9_000...9_000)
        #expect(
            rule.description == "deny udp from 203.0.113.0/24 ports 1024-65535 to 198.18.0.2/32 to ports 9000")
        #expect(AccessRule(.allow).description == "allow")
    }

    /// No well-known amplifier lies where clients take their own ports from.
    @Test func amplifiersLeaveClientsAlone() { #expect(FilterRules.knownAmplifiers.allSatisfy { $0 < 32_768 }) }

    @Test func bogonsBlocksAreDistinct() {
        let all = SpecialAddresses.neverSource + SpecialAddresses.notGlobal
        for block in all { #expect(all.filter { $0.contains(block.address) } == [block]) }
    }
}
