import Foundation
import Testing

/// Ports that fail under a running node, as an operator meets it: processes, kernel interfaces, shared memory.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct PortFaultTests {
    private struct Figures: Decodable {
        struct Answers: Decodable { var acknowledged: Int }
        var answers: Answers
        var violationCount: Int
    }

    private struct Statistics: Decodable {
        struct Port: Decodable {
            var device: String
            var isUp: Bool
            var linkLosses: Int
            var linkReturns: Int
            var restarts: Int
            var receivedPackets: Int
        }
        var ports: [Port]
        var commands: Int
    }

    /// A node in a network namespace of its own, whose one device is `device`.
    private final class Node {
        let folder: TemporaryFolder
        let process: Running
        private let statistics: String

        init(device: String, folder: TemporaryFolder, changes: [(String, String)] = []) throws {
            self.folder = folder
            statistics = folder.path + "/statistics.json"
            try FileManager.default.createDirectory(atPath: folder.path + "/journal", withIntermediateDirectories: true)
            var text = try Program.run("run", "--print-config").output
                .replacingOccurrences(of: "directory: wissel-journal", with: "directory: \(folder.path)/journal")
                .replacingOccurrences(of: "device: tap:wissel0", with: "device: \(device)")
                .replacingOccurrences(of: "buffers: 32768", with: "buffers: 8191")
            for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
            process = try Running(
                command: Program.path,
                [
                    "run", "--isolated", "--quiet", "--json", statistics, "--config",
                    try folder.write(text, to: "node.yaml"),
                ], folder: folder)
        }

        func inside(_ command: String...) throws -> Program.Result {
            try Program.run(command: "/usr/bin/nsenter", ["--target", "\(process.processID)", "--net"] + command)
        }

        func load(session: Int, orders: Int) throws -> Figures {
            let result = try Program.run(
                command: "/usr/bin/nsenter",
                [
                    "--target", "\(process.processID)", "--net", Program.path, "load", "--key",
                    "6d1f0c52a9e84b7d6d1f0c52a9e84b7d", "--local", "198.18.0.1", "--json", "-", "--session",
                    "\(session)",
                    "--orders", "\(orders)", "--window", "4",
                ])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            return try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
        }

        func stop() throws -> Statistics {
            process.terminate()
            #expect(process.wait(limitSeconds: 20) == 0, "\(process.error)")
            return try JSONDecoder().decode(Statistics.self, from: Data(contentsOf: URL(fileURLWithPath: statistics)))
        }
    }

    @Test func aSignalRestartsThePortsAndOrdersAreAnswered() throws {
        let node = try Node(device: "tap:wissel0", folder: try TemporaryFolder())
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        #expect(try node.load(session: 1, orders: 200).answers.acknowledged == 200)
        kill(node.process.processID, SIGUSR1)
        try #require(node.process.waits(for: "tap:wissel0 was stopped and started"), "\(node.process.output)")
        let after = try node.load(session: 2, orders: 200)
        #expect(after.answers.acknowledged == 200 && after.violationCount == 0)
        let port = try #require(try node.stop().ports.first)
        #expect(port.restarts == 1 && port.isUp && port.receivedPackets > 100)
    }

    @Test func aLinkThatGoesAndComesIsToldAndCounted() throws {
        let node = try Node(device: "tap:wissel0", folder: try TemporaryFolder())
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        for count in 1...2 {
            #expect(try node.inside("ip", "link", "set", "wissel0", "down").status == 0)
            try #require(node.process.waits(for: "is down (\(count)×); the node goes on"), "\(node.process.output)")
            #expect(try node.inside("ip", "link", "set", "wissel0", "up").status == 0)
            try #require(node.process.waits(for: "is up again (\(count)×)"), "\(node.process.output)")
            #expect(try node.load(session: count, orders: 100).answers.acknowledged == 100)
        }
        let port = try #require(try node.stop().ports.first)
        #expect(port.linkLosses == 2 && port.linkReturns == 2 && port.isUp)
    }

    /// Several queues of a TAP: the kernel spreads the sessions, and each is answered.
    @Test func aNodeWithSeveralQueuesSaysWhoSortsOrdersAndAnswersAll() throws {
        let node = try Node(
            device: "tap:wissel0", folder: try TemporaryFolder(), changes: [("queues: 1", "queues: 3")])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        #expect(node.process.output.contains("3 queues (no RSS: the kernel chooses"), "\(node.process.output)")
        let line = try #require(node.process.output.split(separator: "\n").first { $0.contains("orders by the ") })
        #expect(line.contains("software classifier: the driver ") || line.contains("hardware: "), "\(line)")
        for session in 1...4 {
            let report = try node.load(session: session, orders: 200)
            #expect(report.answers.acknowledged == 200 && report.violationCount == 0)
        }
        #expect(try node.stop().commands >= 800)
    }

    // MARK: memif

    /// The other process of a memif: testpmd, which carries frames between the shared memory and a TAP device in the
    /// node's namespace, so that ordinary sockets reach the node through it.
    private func bridge(_ node: Node, role: String, socket: String) throws -> Running {
        // The socket must be there before a client looks for it.
        if role == "client" {
            for _ in 0..<200 where !FileManager.default.fileExists(atPath: socket) { usleep(20_000) }
        }
        let bridge = try Running(
            command: "/usr/bin/nsenter",
            [
                "--target", "\(node.process.processID)", "--net", "/usr/bin/dpdk-testpmd", "--no-pci", "--no-telemetry",
                "--no-huge", "--no-shconf", "-m", "96", "--file-prefix=wissel-bridge", "--lcores", "0@0,1@1",
                "--main-lcore", "0", "--log-level=pmd.net.tap:critical",
                "--vdev=net_memif0,role=\(role),id=0,socket=\(socket),socket-abstract=no",
                "--vdev=net_tap0,iface=bridge0", "--", "--nb-cores=1", "--total-num-mbufs=4095", "--rxd=512",
                "--txd=512", "--auto-start", "--forward-mode=io", "--no-lsc-interrupt", "--no-flush-rx",
                "--stats-period", "3600",
            ], folder: try TemporaryFolder())
        for _ in 0..<500 where try node.inside("ip", "link", "show", "bridge0").status != 0 { usleep(20_000) }
        #expect(
            try node.inside("ip", "address", "add", "198.18.0.1/24", "dev", "bridge0").status == 0, "\(bridge.error)")
        return bridge
    }

    private func killHard(_ bridge: Running) {
        kill(bridge.processID, SIGKILL)
        #expect(bridge.wait(limitSeconds: 10) == 137)
    }

    @Test func aPeerThatDiesAndComesBackMeetsANodeThatListens() throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/memif"
        let node = try Node(device: "memif:server:\(socket):0", folder: folder)
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        for round in 1...3 {
            let peer = try bridge(node, role: "client", socket: socket)
            try #require(node.process.waits(for: "is up again (\(round)×)"), "\(node.process.output)\(peer.error)")
            let report = try node.load(session: round, orders: 100)
            #expect(report.answers.acknowledged == 100 && report.violationCount == 0)
            killHard(peer)
            try #require(node.process.waits(for: "is down (\(round)×)"), "\(node.process.output)")
        }
        let port = try #require(try node.stop().ports.first)
        #expect(port.linkLosses == 3 && port.linkReturns == 3 && !port.isUp)
    }

    @Test func aNodeLooksForAPeerThatDied() throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/memif"
        // The node's namespace does not exist before the node, and the node needs its peer at the start: the first peer
        // lives in ours and only listens.
        let first = try Running(
            command: "/usr/bin/dpdk-testpmd",
            [
                "--no-pci", "--no-telemetry", "--no-huge", "--no-shconf", "-m", "64", "--file-prefix=wissel-first",
                "--lcores", "0@0,1@1", "--main-lcore", "0",
                "--vdev=net_memif0,role=server,id=0,socket=\(socket),socket-abstract=no", "--", "--nb-cores=1",
                "--total-num-mbufs=2047", "--rxd=512", "--txd=512", "--auto-start", "--no-lsc-interrupt",
                "--stats-period", "3600",
            ], folder: try TemporaryFolder())
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) { usleep(20_000) }
        let node = try Node(device: "memif:client:\(socket):0", folder: folder)
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)\(first.error)")
        killHard(first)
        try #require(node.process.waits(for: "is down (1×)"), "\(node.process.output)")
        for round in 1...2 {
            // Killed without warning, the server left its socket behind.
            try? FileManager.default.removeItem(atPath: socket)
            let peer = try bridge(node, role: "server", socket: socket)
            try #require(node.process.waits(for: "is up again (\(round)×)"), "\(node.process.output)\(peer.error)")
            let report = try node.load(session: round, orders: 100)
            #expect(report.answers.acknowledged == 100 && report.violationCount == 0)
            killHard(peer)
            try #require(node.process.waits(for: "is down (\(round + 1)×)"), "\(node.process.output)")
        }
        let port = try #require(try node.stop().ports.first)
        #expect(port.restarts >= 2)
    }
}
