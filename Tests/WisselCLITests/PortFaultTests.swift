import Foundation
import TestSupport
import Testing

/// Ports that fail under a running node, as an operator meets it: processes, kernel interfaces, shared memory.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct PortFaultTests {
    /// A node that is ready, with few buffers: its peers here take memory beside it.
    private func start(
        device: String = "tap:wissel0", in folder: TemporaryFolder? = nil, changes: [(String, String)] = []
    ) throws -> Node {
        let node = try Node(device: device, in: folder, changes: [("buffers: 32768", "buffers: 8191")] + changes)
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        return node
    }

    /// Orders of a session are answered, each once.
    private func expectAnswers(_ node: Node, session: Int, orders: Int) throws {
        let (result, report) = try node.load("--session", "\(session)", "--orders", "\(orders)", "--window", "4")
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(report.answers.acknowledged == orders && report.violationCount == 0)
    }

    /// Stops the node; what it had counted.
    private func end(_ node: Node) throws -> (port: NodeFigures.Port, commands: Int) {
        _ = try node.stop()
        let figures = try node.statistics()
        return (try #require(figures.ports.first), figures.commands)
    }

    @Test func aSignalRestartsThePortsAndOrdersAreAnswered() throws {
        let node = try start()
        try expectAnswers(node, session: 1, orders: 200)
        kill(node.process.processID, SIGUSR1)
        try #require(node.process.waits(for: "tap:wissel0 was stopped and started"), "\(node.process.output)")
        try expectAnswers(node, session: 2, orders: 200)
        let port = try end(node).port
        #expect(port.restarts == 1 && port.isUp && port.receivedPackets > 100)
    }

    @Test func aLinkThatGoesAndComesIsToldAndCounted() throws {
        let node = try start()
        for count in 1...2 {
            #expect(try node.inside("ip", "link", "set", "wissel0", "down").status == 0)
            try #require(node.process.waits(for: "is down (\(count)×); the node goes on"), "\(node.process.output)")
            #expect(try node.inside("ip", "link", "set", "wissel0", "up").status == 0)
            try #require(node.process.waits(for: "is up again (\(count)×)"), "\(node.process.output)")
            try expectAnswers(node, session: count, orders: 100)
        }
        let port = try end(node).port
        #expect(port.linkLosses == 2 && port.linkReturns == 2 && port.isUp)
    }

    /// Several queues of a TAP: the kernel spreads the sessions, and each is answered.
    @Test func aNodeWithSeveralQueuesSaysWhoSortsOrdersAndAnswersAll() throws {
        let node = try start(changes: [("queues: 1", "queues: 3")])
        #expect(node.process.output.contains("3 queues (no RSS: the kernel chooses"), "\(node.process.output)")
        let line = try #require(node.process.output.split(separator: "\n").first { $0.contains("orders by the ") })
        #expect(line.contains("software classifier: the driver ") || line.contains("hardware: "), "\(line)")
        for session in 1...4 { try expectAnswers(node, session: session, orders: 200) }
        #expect(try end(node).commands >= 800)
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
        let node = try start(device: "memif:server:\(socket):0", in: folder)
        for round in 1...3 {
            let peer = try bridge(node, role: "client", socket: socket)
            try #require(node.process.waits(for: "is up again (\(round)×)"), "\(node.process.output)\(peer.error)")
            try expectAnswers(node, session: round, orders: 100)
            killHard(peer)
            try #require(node.process.waits(for: "is down (\(round)×)"), "\(node.process.output)")
        }
        let port = try end(node).port
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
        let node = try start(device: "memif:client:\(socket):0", in: folder)
        killHard(first)
        try #require(node.process.waits(for: "is down (1×)"), "\(node.process.output)")
        for round in 1...2 {
            // Killed without warning, the server left its socket behind.
            try? FileManager.default.removeItem(atPath: socket)
            let peer = try bridge(node, role: "server", socket: socket)
            try #require(node.process.waits(for: "is up again (\(round)×)"), "\(node.process.output)\(peer.error)")
            try expectAnswers(node, session: round, orders: 100)
            killHard(peer)
            try #require(node.process.waits(for: "is down (\(round + 1)×)"), "\(node.process.output)")
        }
        let port = try end(node).port
        #expect(port.restarts >= 2)
    }
}
