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
        #expect(configuration.cores.plan.isEmpty)
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
        ("queues: 1", "queues: many", "interfaces[0].queues", "a whole number"),
        ("queues: 1", "quues: 1", "interfaces[0].quues", "queues"),
    ])
    func wrongValueNamesLineKeyAndRemedy(_ change: (old: String, new: String, key: String, expected: String)) throws {
        let found = issues(replacing: change.old, with: change.new)
        let issue = try #require(found.first { $0.key.hasSuffix(change.key) || $0.key.contains(change.key) })
        #expect(issue.line == line(of: change.old))
        #expect(issue.expected.contains(change.expected))
        #expect(!issue.write.isEmpty)
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
        ("maximumPrice: 65536", "maximumPrice: 100000000", "WSL with prices 1…100000000"),
        ("- id: 2", "- id: 1", "participant 1 twice"),
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
