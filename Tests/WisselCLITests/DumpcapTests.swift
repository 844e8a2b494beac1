import Foundation
import NetStack
import TestSupport
import Testing

/// DPDK's own capture program attaches to the node as a secondary process.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct DumpcapTests {
    /// Pages of 2 MiB that the node takes: buffers of one interface, and DPDK's tables.
    private static let megabytesNeeded = 256

    static var hasHugePages: Bool {
        let path = "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"
        let free = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0.dropLast()) } ?? 0
        return free * 2 >= megabytesNeeded || ProcessInfo.processInfo.environment["CI"] != nil
    }

    /// A hugetlbfs of its own, unmounted at the end.
    private final class HugePageMount {
        let path: String

        init(in folder: TemporaryFolder) throws {
            path = folder.path + "/huge"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try #require(mount("nodev", path, "hugetlbfs", 0, "pagesize=2M") == 0, "errno \(errno)")
        }

        deinit { umount2(path, Int32(MNT_DETACH)) }
    }

    /// The node's pages in whatever hugetlbfs EAL chose.
    private static func pages(_ prefix: String) throws -> [String] {
        let table = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        var pages: [String] = []
        for line in table.split(separator: "\n") {
            let fields: [Substring] = line.split(separator: " ")
            guard fields.count > 2, fields[2] == "hugetlbfs" else { continue }
            let names: [String] = try FileManager.default.contentsOfDirectory(atPath: String(fields[1]))
            pages += names.filter { name in name.hasPrefix(prefix + "map_") }
        }
        return pages
    }

    private func shared(_ prefix: String) -> [(String, String)] {
        [("filePrefix: wissel", "filePrefix: \(prefix)"), ("sharing: private", "sharing: shared ")]
    }

    @Test(.enabled(if: hasHugePages, "needs 256 MB of huge pages: hugepages/reserve"))
    func dumpcapAttachesAndCaptures() throws {
        let folder = try TemporaryFolder()
        let mount = try HugePageMount(in: folder)
        let prefix = "wissel-shared-\(getpid())"
        let node = try Node(changes: shared(prefix))
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        #expect(node.process.output.contains("dpdk-dumpcap --file-prefix=\(prefix)"), "\(node.process.output)")

        let file = folder.path + "/dumpcap.pcapng"
        let dumpcap = try Running(
            command: "/usr/bin/dpdk-dumpcap", ["--file-prefix=\(prefix)", "-i", "0", "-c", "20", "-w", file],
            folder: folder)
        // It captures from the moment its file is there.
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: file) { usleep(20_000) }
        let ping = try node.inside("/usr/bin/ping", "-c", "200", "-i", "0.02", "-W", "2", "-q", "198.18.0.2")
        #expect(ping.output.contains(" 0% packet loss"), "\(ping.output)")
        #expect(dumpcap.wait(limitSeconds: 20) == 0, "\(dumpcap.output)\(dumpcap.error)")

        let reader = try CaptureReader(path: file)
        var requests = 0
        var answers = 0
        while let record = try reader.next() {
            guard record.bytes.count > 34, record.bytes[12] == 8, record.bytes[23] == 1 else { continue }
            if record.bytes[34] == 8 { requests += 1 } else { answers += 1 }
        }
        #expect(requests > 0 && answers > 0 && reader.records >= 20, "\(reader.records) records")

        // Our own capture works in the same node, and the node still takes orders.
        let own = try Program.run(
            "capture", "--node", "\(node.process.processID)", "-o", folder.path + "/own.pcapng", "--seconds", "0.2")
        #expect(own.status == 0, "\(own.error)")
        let (result, report) = try node.load("--orders", "200", "--window", "8")
        #expect(result.status == 0 && report.answers.acknowledged == 200)
        #expect(try !Self.pages(prefix).isEmpty)
        _ = try node.stop()
        #expect(try Self.pages(prefix).isEmpty, "huge pages stay behind")
        withExtendedLifetime(mount) {}
    }

    /// Without huge pages nobody can attach, and the node says so when it was asked to allow it.
    @Test func whyNobodyCanAttachIsSaid() throws {
        let prefix = "wissel-private-\(getpid())"
        let node = try Node(changes: shared(prefix) + [("hugePages: auto ", "hugePages: none ")])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        let output = node.process.output
        #expect(output.contains("attach:   dpdk-dumpcap cannot, though asked for"), "\(output)")
        #expect(output.contains("hugepages/reserve"))
        _ = try node.stop()
    }
}
