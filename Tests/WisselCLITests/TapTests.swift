import Foundation
import TestSupport
import Testing

/// The node as it is used: a process on a TAP device, reached by ordinary programs over the kernel's sockets.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct TapTests {
    @Test func ordersThroughTheTapAreAnsweredJournaledAndReplayed() throws {
        let node = try Node()
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")

        let ping = try node.inside("/usr/bin/ping", "-c", "3", "-i", "0.2", "-W", "2", "198.18.0.2")
        #expect(ping.output.contains(" 0% packet loss"), "\(ping.output)\(ping.error)")

        let (result, report) = try node.load("--orders", "3000", "--window", "16")
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(report.answers.acknowledged == 3_000 && report.violationCount == 0)
        #expect(report.answers.trades > 100)

        // A stranger gets no answer and is counted.
        let stranger = try node.inside(
            Program.path, "load", "--key", "00000000000000000000000000000000", "--local", "198.18.0.1", "--session",
            "2", "--seconds", "1")
        #expect(stranger.status == 1, "\(stranger.output)")

        let hash = try node.stop()
        #expect(node.process.output.contains("authentication failed"), "\(node.process.output)")
        let replay = try Program.run("replay", "--config", node.configuration, "--expect", hash)
        #expect(replay.status == 0, "\(replay.output)\(replay.error)")
        #expect(try Program.run("replay", "--config", node.configuration, "--expect", "0").status == 1)
    }

    /// The client loses, doubles and reorders its own datagrams, 1 % each and both ways; the book is that of a calm run.
    @Test func aBadLinkEndsWithTheSameBook() throws {
        func run(_ faults: String) throws -> LoadFigures {
            let node = try Node()
            try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
            let (result, report) = try node.load(
                "--orders", "5000", "--window", "4", "--seed", "7", "--sole", "--faults", faults)
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let hash = try node.stop()
            let replay = try Program.run("replay", "--config", node.configuration, "--expect", hash)
            #expect(replay.status == 0, "\(replay.output)\(replay.error)")
            return report
        }
        let calm = try run("0")
        let rough = try run("0.01")
        #expect(rough.link.resends > 0 && rough.link.retransmitRequests > 0, "the link lost nothing")
        #expect(rough.answers.acknowledged == 5_000 && calm.answers.acknowledged == 5_000)
        #expect(rough.streamHash == calm.streamHash)
        #expect(rough.bookHash == calm.bookHash)
        #expect(rough.answers.trades == calm.answers.trades)
    }

    /// SIGHUP puts the filter of the changed file into force, says what is different, and refuses what is wrong.
    @Test func theFilterIsReadAgainOnSIGHUP() throws {
        let node = try Node()
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        func ping() throws -> Bool {
            try node.inside("/usr/bin/ping", "-c", "2", "-i", "0.2", "-W", "1", "198.18.0.2").status == 0
        }
        func reload(_ old: String, _ new: String) throws {
            let text = try String(contentsOfFile: node.configuration, encoding: .utf8)
            #expect(text.contains(old))
            _ = try node.folder.write(text.replacingOccurrences(of: old, with: new), to: "node.yaml")
            kill(node.process.processID, SIGHUP)
        }
        #expect(try ping())
        try reload("acl: []", "acl: [{action: deny, protocol: icmp}]")
        #expect(node.process.waits(for: "filter:   acl: 0 → 1 (1 added, 0 removed)\n"), "\(node.process.output)")
        #expect(try !ping())
        try reload("grantIdleSeconds: 300", "grantIdleSeconds: never")
        for _ in 0..<500 where node.process.error.isEmpty { usleep(10_000) }
        #expect(node.process.error.contains("filter:   refused, the rules before stay in force"))
        #expect(node.process.error.contains("filter.grantIdleSeconds: found `never`"))
        #expect(try !ping())
        try reload("grantIdleSeconds: never", "grantIdleSeconds: 300")
        #expect(node.process.waits(for: "filter:   as before\n"), "\(node.process.output)")
        try reload("acl: [{action: deny, protocol: icmp}]", "acl: []")
        #expect(node.process.waits(for: "filter:   acl: 1 → 0"), "\(node.process.output)")
        #expect(try ping())
        _ = try node.stop()
        #expect(node.process.output.contains("refused by the access list"), "\(node.process.output)")
    }

    /// Killed without warning, the node comes back with everything it had acknowledged.
    @Test func aKilledNodeContinuesItsJournal() throws {
        let first = try Node()
        try #require(first.process.waits(for: "ready\n"), "\(first.process.output)\(first.process.error)")
        let (result, report) = try first.load("--orders", "500", "--window", "4")
        #expect(result.status == 0 && report.answers.acknowledged == 500)
        kill(first.process.processID, SIGKILL)
        _ = first.process.wait(limitSeconds: 10)
        let replay = try Program.run("replay", "--config", first.configuration)
        #expect(replay.status == 0, "\(replay.output)\(replay.error)")

        let second = try Running(
            command: Program.path, ["run", "--isolated", "--quiet", "--seconds", "1", "--config", first.configuration],
            folder: try TemporaryFolder())
        #expect(second.wait(limitSeconds: 30) == 0, "\(second.error)")
        // 500 commands, and the session's beginning and end.
        #expect(second.output.contains("recovered: 502 commands"), "\(second.output)")
    }

    private struct DemoFigures: Decodable {
        struct Phase: Decodable {
            struct Orders: Decodable {
                struct Answers: Decodable { var acknowledged: Int }
                struct Sent: Decodable { var total: Int }
                var answers: Answers
                var sent: Sent
                var violationCount: Int
            }
            var flooded: Bool
            var floodPackets: Int
            var floodMessages: Int
            var floodMissing: Int
            var orders: Orders
        }
        struct Replay: Decodable {
            var liveStateHash: String
            var replayedStateHash: String
            var checkpoints: Int
        }
        var phases: [Phase]
        var replay: Replay
        var failures: [String]
    }

    private func demonstrate(_ arguments: String...) throws -> DemoFigures {
        let demo = try Program.run(
            command: Program.path, ["demo", "--json", "-"] + arguments, limitSeconds: 180)
        #expect(demo.status == 0, "\(demo.error)")
        let figures = try JSONDecoder().decode(DemoFigures.self, from: Data(demo.output.utf8))
        #expect(figures.failures.isEmpty, "\(figures.failures)")
        #expect(figures.phases.count == 4)
        for phase in figures.phases {
            #expect(phase.orders.answers.acknowledged == phase.orders.sent.total && phase.orders.violationCount == 0)
        }
        #expect(figures.replay.liveStateHash == figures.replay.replayedStateHash)
        return figures
    }

    @Test func theDemonstrationEndsWithEqualHashes() throws {
        let figures = try demonstrate("--seconds", "1", "--rate", "500", "--feed-rate", "5000", "--faults", "0.01")
        for phase in figures.phases where phase.flooded {
            #expect(phase.floodPackets == 5_000 && phase.floodMissing == 0)
        }
    }

    /// A real venue's minutes as the flood: every message is seen and counted while orders are answered.
    @Test(.enabled(if: Captures.areWanted, "needs ../shared/data/captures beside the repository"))
    func everyMessageOfTheCaptureIsSeen() throws {
        #if DEBUG
            let seconds = "12"
        #else
            let seconds = "5"
        #endif
        let figures = try demonstrate("--seconds", seconds, "--rate", "500", "--feed", Captures.deep)
        for phase in figures.phases where phase.flooded {
            #expect(phase.floodPackets == 150_000)
            #expect(phase.floodMessages == 203_110)
            #expect(phase.floodMissing == 0)
        }
    }
}
