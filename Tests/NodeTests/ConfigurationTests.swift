import Edge
import Foundation
import Node
import Testing

/// What a wrong configuration says: file, line, key, what was found, what was expected, what to write.
@Suite struct ConfigurationTests {
    /// The example with one line changed.
    private func issues(replacing old: String, with new: String) -> [ConfigurationError.Issue] {
        #expect(NodeConfiguration.example.contains(old), "the example no longer contains `\(old)`")
        do {
            _ = try NodeConfiguration(yaml: NodeConfiguration.example.replacing(old, with: new), file: "node.yaml")
            return []
        } catch {
            return error.issues
        }
    }

    private func line(of text: String) -> Int {
        let lines = NodeConfiguration.example.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.contains(text) } ?? -1) + 1
    }

    @Test func exampleIsRightAndComplete() throws {
        let configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "node.yaml")
        #expect(configuration.name == "demo")
        #expect(configuration.interfaces.count == 1)
        #expect(configuration.interfaces[0].device == "tap:wissel0")
        #expect(configuration.interfaces[0].prefixLength == 24)
        #expect(configuration.orderEntry.port == 9_000)
        #expect(configuration.orderEntry.participants.map(\.sessions) == [[1, 2, 3, 4], [5, 6]])
        #expect(configuration.orderEntry.participants.allSatisfy { $0.accessKey.count == 32 })
        #expect(configuration.feeds.map(\.port) == [10_378])
        #expect(configuration.instruments[0].risk.maximumNotional == 1_000_000_000)
        #expect(configuration.cores.plan.isEmpty && configuration.cores.remoteMemory == .warn)
    }

    @Test(arguments: [
        ("priority: strict ", "priority: sometimes ", "node.priority", "one of strict, arrival"),
        ("port: 9000", "port: 90000", "orderEntry.port", "a whole number from 1 to 65535"),
        (
            "address: 198.18.0.2/24", "address: 198.18.0.2", "interfaces[0].address",
            "an IPv4 address with prefix length"
        ),
        ("group: 233.215.21.4", "group: iex", "marketData[0].group", "an IPv4 address"),
        ("accessKey: 6d1f0c52a9e84b7d6d1f0c52a9e84b7d", "accessKey: short", "participants[0].accessKey", "16 to 32"),
        ("sources: [198.18.0.0/24]", "sources: [198.18.0.0/33]", "sources[0]", "IPv4 prefixes"),
        ("sessions: [1, 2, 3, 4]", "sessions: [0]", "sessions[0]", "from 1 to 1024"),
        ("bogons: [neverSource]", "bogons: [nobody]", "filter.bogons[0]", "neverSource, notGlobal, or IPv4 prefixes"),
        ("acl: []", "acl: [{action: maybe}]", "filter.acl[0].action", "allow or deny"),
        ("acl: []", "acl: [{source: 1.2.3.4}]", "filter.acl[0].action", "allow or deny"),
        ("acl: []", "acl: [{action: deny, sourcePorts: 9-8}]", "acl[0].sourcePorts", "a port or a range of ports"),
        ("acl: []", "acl: [{action: deny, port: 9}]", "acl[0].port", "sourcePorts"),
        ("grantIdleSeconds: 300", "grantIdleSeconds: 0", "filter.grantIdleSeconds", "from 1 to 86400 s"),
        ("packetsPerSecond: 500", "packetsPerSecond: 0", "filter.perUnknownSource.packetsPerSecond", "from 1 to"),
        ("queues: 1", "queues: many", "interfaces[0].queues", "a whole number"),
        ("queues: 1", "quues: 1", "interfaces[0].quues", "queues"),
        ("steering: auto ", "steering: nic ", "interfaces[0].steering", "one of auto, hardware, software"),
        ("mtu: 1500 ", "mtu: 9601 ", "interfaces[0].mtu", "from 576 to 9600 bytes"),
        ("vlan: 0 ", "vlan: 4095 ", "interfaces[0].vlan", "from 0 to 4094"),
        ("priorityTag: off ", "priorityTag: yes ", "interfaces[0].priorityTag", "one of on, off"),
        ("checksumOffload: auto ", "checksumOffload: always ", "checksumOffload", "one of auto, off"),
        ("# sources: [198.18.0.7] ", "sources: [198.18.0.7/33] ", "marketData[0].sources[0]", "IPv4 prefixes"),
        ("echoPerSecond: 1000 ", "echoPerSecond: -1 ", "icmp.echoPerSecond", "from 0 to 1000000"),
        ("errorsPerSecond: 100 ", "errorsPerSecond: all ", "icmp.errorsPerSecond", "from 0 to 100000"),
        ("robustness: 2 ", "robustness: 8 ", "multicast.robustness", "from 1 to 7"),
        ("orderReports: {dscp: 46,", "orderReports: {dscp: 64,", "marking.orderReports.dscp", "from 0 to 63"),
        ("control: {dscp: 40, pcp: 4}", "control: {dscp: 40, pcp: 8}", "marking.control.pcp", "from 0 to 7"),
        ("algorithm: F ", "algorithm: f ", "instruments[0].algorithm", "one of F, A, C, K, O, Q, S, T, Z, X"),
        ("# secondAlgorithm: C ", "secondAlgorithm: FIFO ", "instruments[0].secondAlgorithm", "one of F, A, C"),
        ("lotSize: 1 ", "lotSize: 0 ", "instruments[0].lotSize", "from 1 to 1073741824 lots"),
        ("tickTable: [] ", "tickTable: [{from: 1, tick: 0}] ", "tickTable[0].tick", "from 1 to 4294967296"),
        ("marketMakers: [] ", "marketMakers: [{session: 1}] ", "marketMakers[0].percent", "from 1 to 100"),
        ("# fifoPercent: 0 ", "fifoPercent: 101 ", "instruments[0].fifoPercent", "from 0 to 100"),
        ("# leveling: off ", "leveling: sometimes ", "instruments[0].leveling", "one of on, off"),
        ("dynamicRange: 0 ", "dynamicRange: -1 ", "instruments[0].dynamicRange", "from 0 to 4611686018427387904 ticks"),
        ("interruptionMilliseconds: 0 ", "interruptionMilliseconds: x ", "interruptionMill", "from 0 to 86400000"),
        ("phase: continuous ", "phase: open ", "instruments[0].phase", "one of closed, preOpen"),
        ("windowTicks: 8192 ", "windowTicks: 4096 ", "instruments[0].windowTicks", "one of 8192, 16384"),
        ("# firms: [{session: 1, firm: 7}]", "firms: [{session: 1, firm: 0}]", "firms[0].firm", "from 1 to 2147483647"),
        ("remoteMemory: warn ", "remoteMemory: never ", "cores.remoteMemory", "one of warn, refuse"),
    ])
    func wrongValueNamesLineKeyAndRemedy(_ change: (old: String, new: String, key: String, expected: String)) throws {
        let found = issues(replacing: change.old, with: change.new)
        let issue = try #require(found.first { $0.key.hasSuffix(change.key) || $0.key.contains(change.key) })
        #expect(issue.line == line(of: change.old))
        #expect(issue.expected.contains(change.expected))
        #expect(!issue.write.isEmpty)
    }

    @Test func filterRulesAreRead() throws {
        func rules(_ old: String, _ new: String) throws -> FilterRules {
            try NodeConfiguration(yaml: NodeConfiguration.example.replacing(old, with: new), file: "node.yaml").filter
        }
        #expect(try rules("acl: []", "acl: []") == FilterRules(), "the example shows what holds without it")
        let acl = try rules(
            "acl: []",
            "acl: [{action: allow, source: 198.18.0.0/24, protocol: udp, sourcePorts: 1024-65535, "
                + "destination: 198.18.0.2, destinationPorts: 9000}, {action: deny}]"
        ).acl
        #expect(
            acl.map(\.description) == [
                "allow udp from 198.18.0.0/24 ports 1024-65535 to 198.18.0.2/32 to ports 9000", "deny",
            ])
        #expect(try rules("[neverSource]", "[notGlobal, 203.0.113.0/24]").bogons.count == 8)
        #expect(try rules("[neverSource]", "[]").bogons.isEmpty)
        #expect(try rules("{packetsPerSecond: 10000, burst: 1000}", "{burst: 5}").unknownSources.burst == 5)
        let feed = try NodeConfiguration(
            yaml: NodeConfiguration.example.replacing("port: 10378", with: "port: 10378\n    sources: [20.0.0.0/8]"),
            file: "node.yaml"
        ).feeds[0]
        #expect(feed.sources.map(\.description) == ["20.0.0.0/8"])
    }

    @Test func aFileThatIsAListSaysWhatToBeginWith() throws {
        let error = #expect(throws: ConfigurationError.self) { try NodeConfiguration(yaml: "- a", file: "node.yaml") }
        let issue = try #require(error?.issues.first)
        #expect(issue.key == "YAML" && issue.write == "node:", "\(issue)")
    }

    @Test func everyWrongValueIsShownInOneRun() {
        let yaml = NodeConfiguration.example.replacing("port: 9000", with: "port: x").replacing(
            "mtu: 1500", with: "mtu: 1")
        #expect(throws: ConfigurationError.self) { try NodeConfiguration(yaml: yaml, file: "node.yaml") }
        do {
            _ = try NodeConfiguration(yaml: yaml, file: "node.yaml")
        } catch {
            #expect(error.issues.count == 2)
            #expect(error.description.contains("node.yaml:\(line(of: "mtu: 1500")): interfaces[0].mtu: found `1`"))
        }
    }

    @Test(arguments: [
        ("sessions: [5, 6]", "sessions: [4, 6]", "session 4 of two participants"),
        ("referencePrice: 10000", "referencePrice: 70000", "WSL with referencePrice 70000"),
        ("maximumPrice: 65536", "maximumPrice: 0", "WSL with prices 1…0"),
        ("tickTable: [] ", "tickTable: [{from: 9, tick: 2}, {from: 9, tick: 5}] ", "a tickTable out of order"),
        (
            "tickTable: [] ", "tickTable: [\((1...17).map { "{from: \($0), tick: 1}" }.joined(separator: ", "))] ",
            "WSL with 17 steps of ticks"
        ),
        ("marketMakers: [] ", "marketMakers: [{session: 9, percent: 1}] ", "market maker 9, a session nobody has"),
        (
            "marketMakers: [] ", "marketMakers: [{session: 1, percent: 1}, {session: 1, percent: 2}] ",
            "a market maker twice"
        ),
        (
            "marketMakers: [] ", "marketMakers: [{session: 1, percent: 60}, {session: 2, percent: 50}] ",
            "market makers of 110 percent together"
        ),
        ("# firms: [{session: 1,", "firms: [{session: 5,", "a firm for session 5, which ALPHA does not have"),
        (
            "# firms: [{session: 1, firm: 7}]", "firms: [{session: 1, firm: 7}, {session: 1, firm: 8}]",
            "two firms for session 1"
        ),
        ("- id: 2", "- id: 1", "participant 1 twice"),
        ("steering: auto ", "steering: hardware ", "steering: hardware and one queue"),
        (
            "control: {dscp: 40, pcp: 4}", "control: {dscp: 40, pcp: 6}",
            "pcp 5, which switches serve after another class"
        ),
        ("orderReports: {dscp: 46, pcp: 5}", "orderReports: {dscp: 46, pcp: 1}", "pcp 1, which switches serve after"),
        (
            "# sources: [198.18.0.7] ", "sources: [\((1...99).map { "198.18.0.\($0)" }.joined(separator: ", "))] ",
            "feed IEX-DEEP with 99 sources"
        ),
    ])
    func contradictionsAreFound(_ change: (old: String, new: String, found: String)) {
        let found = issues(replacing: change.old, with: change.new)
        #expect(found.contains { $0.found.contains(change.found) }, "\(found)")
    }

    @Test(arguments: ["", "node: [", "- a\n- b", "node:\n\tname: x", "\u{0}", "interfaces: 3"])
    func textThatIsNoConfigurationIsRefused(_ yaml: String) {
        #expect(throws: ConfigurationError.self) { try NodeConfiguration(yaml: yaml, file: "node.yaml") }
    }

    @Test func missingFileSaysHowToGetOne() {
        do {
            _ = try NodeConfiguration(path: "/nonexistent/node.yaml")
            Issue.record("a missing file was read")
        } catch {
            #expect(error.description.contains("/nonexistent/node.yaml"))
            #expect(error.description.contains("--print-config"))
        }
    }

    /// Cuts the example after every line and flips characters: never a crash, always a configuration or an error.
    @Test func damagedTextNeverTraps() {
        let lines = NodeConfiguration.example.split(separator: "\n", omittingEmptySubsequences: false)
        for count in lines.indices {
            _ = try? NodeConfiguration(yaml: lines[..<count].joined(separator: "\n"), file: "cut.yaml")
        }
        let bytes = Array(NodeConfiguration.example.utf8)
        for position in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[position] ^= 0x15
            _ = try? NodeConfiguration(yaml: String(decoding: damaged, as: UTF8.self), file: "damaged.yaml")
        }
    }
}
