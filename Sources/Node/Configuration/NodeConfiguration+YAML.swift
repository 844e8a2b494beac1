import Edge
import Foundation
import NetStack
import Orders
import Runtime
import Wire
import Yams

extension NodeConfiguration {
    /// Reads a configuration file.
    /// - Throws: `ConfigurationError` naming the file, and for each wrong value its line, key, and what to write.
    public init(path: String) throws(ConfigurationError) {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError(
                file: path,
                issues: [
                    .init(
                        line: 0, key: "file", found: "a file that cannot be read (\(error.localizedDescription))",
                        expected: "a readable YAML file in UTF-8",
                        write: "`wissel run --print-config > node.yaml` for one to start from")
                ])
        }
        try self.init(yaml: text, file: path)
    }

    /// Reads a configuration from text; `file` is the name used in messages.
    public init(yaml: String, file: String) throws(ConfigurationError) {
        let issues = ConfigurationSection.IssueList()
        var document: Yams.Node?
        do {
            // Plain words stay words: `on`, `1_000` and `0x10` mean what this reader says they mean.
            document = try Yams.compose(yaml: yaml, .basic)
        } catch {
            throw ConfigurationError(
                file: file,
                issues: [
                    .init(
                        line: Self.line(of: error), key: "YAML",
                        found: "text that is not YAML (\(Self.problem(of: error)))",
                        expected: "lines of `key: value`, indented with spaces", write: "node:")
                ])
        }
        let root = ConfigurationSection(node: document, path: "", fallbackLine: 1, issues: issues)
        self.init(root: root)
        if issues.issues.isEmpty { check(root) }
        if !issues.issues.isEmpty {
            throw ConfigurationError(file: file, issues: issues.issues.sorted { $0.line < $1.line })
        }
    }

    private init(root: ConfigurationSection) {
        let node = root.section("node", required: false, write: "node:")
        name = node.text("name", default: "wissel", expected: "a name", write: "name: wissel")
        switch node.choice("acknowledgement", default: AcknowledgementWord.journaled) {
        case .matched: acknowledgement = .matched
        case .journaled: acknowledgement = .journaled
        }
        priority = node.choice("priority", default: PriorityMode.strict)
        shards = node.integer("shards", default: 1, in: 1...Limits.maximumShards)
        node.finish()
        memory = Memory(root.section("memory", required: false, write: "memory:"))
        dpdk = DPDK(root.section("dpdk", required: false, write: "dpdk:"))
        interfaces = root.sections(
            "interfaces", required: true, write: "interfaces: [{device: tap:wissel0, address: 198.18.0.2/24}]"
        ).map(
            Interface.init)
        orderEntry = OrderEntryDoor(root.section("orderEntry", required: true, write: "orderEntry:"))
        feeds = root.sections("marketData", required: false, write: "marketData:").map(Feed.init)
        filter = FilterRules(root.section("filter", required: false, write: "filter:"))
        instruments = root.sections("instruments", required: true, write: "instruments: [{id: 1, symbol: WSL, …}]").map(
            Instrument.init)
        journal = JournalSettings(root.section("journal", required: true, write: "journal:"))
        cores = Cores(root.section("cores", required: false, write: "cores:"))
        icmp = ICMP(root.section("icmp", required: false, write: "icmp:"))
        multicast = Multicast(root.section("multicast", required: false, write: "multicast:"))
        marking = TransmitMarking(root.section("marking", required: false, write: "marking:"))
        root.finish()
    }

    /// `replicated` joins these words when there are standby sites.
    private enum AcknowledgementWord: String, CaseIterable { case matched, journaled }

    private static func line(of error: any Error) -> Int {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: 0
        }
    }

    private static func problem(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        default: "\(error)"
        }
    }
}

extension NodeConfiguration.Memory {
    init(_ section: ConfigurationSection) {
        hugePages = section.choice("hugePages", default: HugePages.auto)
        megabytesWithoutHugePages = section.integer(
            "megabytesWithoutHugePages", default: 256, in: 64...65_536, unit: "MiB")
        buffers = section.integer("buffers", default: Limits.defaultBuffers, in: 1_024...4_194_304)
        filePrefix = section.text("filePrefix", default: "wissel", expected: "a name", write: "filePrefix: wissel")
        section.finish()
    }
}

extension NodeConfiguration.Interface {
    init(_ section: ConfigurationSection) {
        device = section.text(
            "device", expected: "a device such as tap:wissel0 or pci:0000:03:00.0", write: "device: tap:wissel0")
        let example = "address: 198.18.0.2/24"
        let own: (IPv4Address, Int)? = section.value(
            "address", expected: "an IPv4 address with prefix length", write: example, parse: Self.addressAndLength)
        (address, prefixLength) = own ?? (IPv4Address.any, 24)
        if section.has("hostAddress") {
            hostAddress = section.value(
                "hostAddress", expected: "an IPv4 address", write: "hostAddress: 198.18.0.1",
                parse: { try? IPv4Address(parsing: $0) })
        } else {
            hostAddress = nil
        }
        queues = section.integer("queues", default: 1, in: 1...Limits.maximumQueuesPerInterface)
        steering = section.choice("steering", default: NodeConfiguration.Steering.auto)
        mtu = section.integer("mtu", default: 1_500, in: 576...Limits.maximumMTU, unit: "bytes")
        vlan = UInt16(section.integer("vlan", default: 0, in: 0...4_094))
        sendsPriorityTags = section.choice("priorityTag", default: Switch.off) == .on
        checksumOffload = section.choice("checksumOffload", default: .auto)
        section.finish()
    }

    private enum Switch: String, CaseIterable { case on, off }

    private static func addressAndLength(_ text: String) -> (IPv4Address, Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = try? IPv4Address(parsing: String(parts[0])), let length = Int(parts[1]),
            (1...31).contains(length)
        else { return nil }
        return (address, length)
    }
}

extension NodeConfiguration.OrderEntryDoor {
    init(_ section: ConfigurationSection) {
        port = UInt16(section.integer("port", default: 9_000, in: 1...65_535))
        participants = section.sections(
            "participants", required: true, write: "participants: [{id: 1, name: ALPHA, …}]"
        ).map(
            NodeConfiguration.Participant.init)
        section.finish()
    }
}

extension NodeConfiguration.Participant {
    init(_ section: ConfigurationSection) {
        id = UInt32(section.integer("id", in: 1...Int(UInt32.max)))
        name = section.text("name", expected: "the participant's name", write: "name: ALPHA")
        accessKey =
            section.value(
                "accessKey", expected: "a secret of 16 to 32 characters",
                write: "accessKey: 0f3b…  (`openssl rand -hex 16`)"
            ) { text -> [UInt8]? in
                let bytes = Array(text.utf8)
                guard (16...32).contains(bytes.count) else { return nil }
                return bytes + [UInt8](repeating: 0, count: 32 - bytes.count)
            } ?? []
        sources = section.list(
            "sources", expected: "IPv4 prefixes such as 198.18.0.0/24", write: "sources: [198.18.0.0/24]",
            parse: { try? IPv4Prefix(parsing: $0) })
        sessions = section.list(
            "sessions", expected: "session numbers from 1 to \(Limits.maximumSessions)", write: "sessions: [1]"
        ) { text in UInt32(text).flatMap { (1...UInt32(Limits.maximumSessions)).contains($0) ? $0 : nil } }
        firms = section.sections("firms", required: false, write: "firms: [{session: 1, firm: 7}]").map { row in
            defer { row.finish() }
            return Firm(
                session: UInt32(row.integer("session", in: 1...Limits.maximumSessions)),
                firm: UInt32(row.integer("firm", in: 1...Int(Int32.max))))
        }
        section.finish()
    }
}

extension NodeConfiguration.Feed {
    init(_ section: ConfigurationSection) {
        name = section.text("name", expected: "the feed's name", write: "name: IEX-DEEP")
        format = section.choice("format", default: Format.iexDEEP)
        group =
            section.value(
                "group", expected: "an IPv4 address, multicast or the node's own", write: "group: 233.215.21.4",
                parse: { try? IPv4Address(parsing: $0) }) ?? IPv4Address.any
        port = UInt16(section.integer("port", in: 1...65_535))
        sources = section.prefixes("sources")
        section.finish()
    }
}

extension NodeConfiguration.JournalSettings {
    init(_ section: ConfigurationSection) {
        directory = section.text(
            "directory", expected: "a directory for the journal", write: "directory: /var/lib/wissel")
        segmentMegabytes = section.integer("segmentMegabytes", default: 64, in: 1...16_384, unit: "MiB")
        section.finish()
    }
}

extension NodeConfiguration.Cores {
    private enum Idle: String, CaseIterable { case automatic, busy, yield, backoff }

    init(_ section: ConfigurationSection) {
        switch section.choice("idle", default: Idle.automatic) {
        case .automatic: idle = nil
        case .busy: idle = .busy
        case .yield: idle = .yield
        case .backoff: idle = .shared
        }
        remoteMemory = section.choice("remoteMemory", default: RemoteMemory.warn)
        plan = section.sections(
            "plan", required: false, write: "plan: [{cpu: 2, stages: [network0, engine, marketData, journal]}]"
        ).enumerated().map { index, row in
            let name = row.text("name", default: "core\(index)", expected: "a name", write: "name: core\(index)")
            let cpu = row.has("cpu") ? row.integer("cpu", in: 0...4_095) : nil
            let stages: [String] = row.list(
                "stages", expected: "stages such as network0, engine, marketData, journal",
                write: "stages: [network0, engine]", parse: { $0 })
            row.finish()
            return CorePlan.Core(name: name, cpu: cpu, stages: stages)
        }
        matching = section.optionalList(
            "matching", expected: "CPU numbers from 0 to 4095", write: "matching: [6, 7]"
        ) { text in Int(text).flatMap { (0...4_095).contains($0) ? $0 : nil } }
        section.finish()
    }
}
