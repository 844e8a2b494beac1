import Foundation
import Testing

/// A client of DPDK's telemetry socket, as dpdk-telemetry.py is one.
private final class TelemetryClient {
    private let descriptor: Int32
    let greeting: String

    init?(prefix: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array("/var/run/dpdk/\(prefix)/dpdk_telemetry.v2".utf8))
        }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, let text = Self.read(descriptor) else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        greeting = text
    }

    deinit { close(descriptor) }

    private static func read(_ descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// The answer to a command without parameters in its name.
    func ask(_ command: String) -> Any? {
        guard send(descriptor, command, command.utf8.count, Int32(MSG_NOSIGNAL)) > 0,
            let text = Self.read(descriptor),
            let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        else { return nil }
        return object.values.first
    }

    func numbers(_ command: String) -> [String: Int] {
        (ask(command) as? [String: Any] ?? [:]).compactMapValues { $0 as? Int }
    }

    func texts(_ command: String) -> [String: String] {
        (ask(command) as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
    }
}

/// The node's own commands beside DPDK's, asked while the node works.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct TelemetryTests {
    @Test func theNodeAnswersItsCommands() throws {
        let prefix = "wissel-telemetry-\(getpid())"
        let node = try Node(changes: [("filePrefix: wissel", "filePrefix: \(prefix)")])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        #expect(node.process.output.contains("dpdk-telemetry.py -f \(prefix)"))
        let client = try #require(TelemetryClient(prefix: prefix))
        #expect(client.greeting.contains("\"pid\":\(node.process.processID)"))

        let commands = try #require(client.ask("/") as? [String])
        let own = ["clock", "cores", "drops", "help", "placement", "port", "rings", "stats"].map { "/wissel/" + $0 }
        #expect(commands.filter { $0.hasPrefix("/wissel/") } == own && commands.contains("/ethdev/stats"))
        #expect(client.texts("/wissel/help").count == own.count)

        let before = client.numbers("/wissel/stats")
        let ping = try node.inside("/usr/bin/ping", "-c", "20", "-i", "0.01", "-W", "2", "198.18.0.2")
        #expect(ping.status == 0, "\(ping.error)")
        let (result, report) = try node.load("--orders", "500", "--window", "8")
        #expect(result.status == 0 && report.answers.acknowledged == 500)
        // A stranger's key.
        let stranger = try node.inside(
            Program.path, "load", "--key", "00000000000000000000000000000000", "--local", "198.18.0.1", "--session",
            "2", "--seconds", "1")
        #expect(stranger.status == 1)

        let after = client.numbers("/wissel/stats")
        #expect(Set(before.keys) == Set(after.keys))
        for (key, value) in before { #expect(after[key, default: -1] >= value, "\(key)") }
        #expect(after["controlReplies", default: 0] - before["controlReplies", default: 0] >= 20)
        #expect(after["engine_commands", default: 0] >= 502 && after["journal_isAccepting"] == 1)
        #expect(client.numbers("/wissel/drops")["authentication_failed", default: 0] > 0)
        let rings = client.numbers("/wissel/rings")
        #expect(rings["orders_capacity", default: 0] > 0 && rings["journal"] == 0)
        #expect(client.texts("/wissel/port,0")["device"] == "tap:wissel0")
        let port = client.numbers("/wissel/port,0")
        #expect(port["receivedPackets"] == after["framesReceived"] || port["receivedPackets", default: 0] > 0)
        #expect(client.ask("/wissel/port,9") is NSNull && client.ask("/wissel/port") is NSNull)

        // The clock is measured again every second.
        var clock = client.numbers("/wissel/clock")
        for _ in 0..<50 where clock["adjustments", default: 0] < 2 {
            usleep(100_000)
            clock = client.numbers("/wissel/clock")
        }
        #expect(clock["adjustments", default: 0] >= 2 && clock["errorBoundNanoseconds", default: 0] > 0)
        #expect(["time-stamp counter", "kernel clock"].contains(client.texts("/wissel/clock")["source"]))
        _ = try node.stop()
    }

    @Test func withoutTelemetryThereIsNoSocket() throws {
        let prefix = "wissel-silent-\(getpid())"
        let node = try Node(changes: [
            ("filePrefix: wissel", "filePrefix: \(prefix)"), ("telemetry: on ", "telemetry: off "),
        ])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        #expect(TelemetryClient(prefix: prefix) == nil)
        #expect(!node.process.output.contains("dpdk-telemetry.py"))
        _ = try node.stop()
    }
}
