import Foundation
import TestSupport
import Testing

/// Where a running node is, read back from the kernel.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct PlacementTests {
    private struct Placement: Decodable {
        struct Thread: Decodable {
            var name: String
            var plannedCPU: Int?
            var allowedCPUs: String
            var isAsPlanned: Bool
        }
        struct Belonging: Decodable {
            var core: String
            var what: String
            var bytes: Int?
            var isNear: Bool
        }
        var processID: Int32
        var threads: [Thread]
        var belongings: [Belonging]
    }

    private func placement(_ node: Node) throws -> (status: Int32, figures: Placement) {
        let result = try Program.run("placement", "--config", node.configuration, "--json", "-")
        return (result.status, try JSONDecoder().decode(Placement.self, from: Data(result.output.utf8)))
    }

    @Test func threadsAndMemoryAreReadBackFromTheKernel() throws {
        let node = try Node(changes: [
            ("filePrefix: wissel", "filePrefix: wissel-placement-\(getpid())"),
            (
                "  # plan: ",
                "  plan: [{name: first, cpu: 0, stages: [network0, marketData]}, {name: second, cpu: 1, stages: [engine, "
                    + "journal]}] # "
            ),
        ])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        var (status, found) = try placement(node)
        #expect(status == 0 && found.processID == node.process.processID)
        #expect(found.threads.map(\.name) == ["first", "second"])
        #expect(found.threads.map(\.plannedCPU) == [0, 1] && found.threads.map(\.allowedCPUs) == ["0", "1"])
        let ofFirst = found.belongings.filter { $0.core == "first" }.map(\.what)
        #expect(
            ofFirst == [
                "order ring", "report ring", "reply ring", "grant ring", "market-data ring", "packet buffers",
            ])
        #expect(found.belongings.filter { $0.core == "second" }.map(\.what) == ["journal ring"])
        #expect(found.belongings.allSatisfy { $0.isNear && $0.bytes ?? 0 > 4_096 })

        // Somebody moves a thread: the plan still says otherwise, the kernel does not.
        let tasks = "/proc/\(node.process.processID)/task"
        let moved = try #require(
            try FileManager.default.contentsOfDirectory(atPath: tasks).first {
                (try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8)) == "wissel-first\n"
            })
        #expect(try Program.run(command: "/usr/bin/taskset", ["-p", "-c", "1", moved]).status == 0)
        (status, found) = try placement(node)
        #expect(status == 1 && found.threads.map(\.isAsPlanned) == [false, true])
        let table = try Program.run("placement", "--config", node.configuration)
        #expect(table.status == 1 && table.output.contains("ELSEWHERE"), "\(table.output)")
        _ = try node.stop()
    }

    @Test func withoutANodeThereIsAMessage() throws {
        let folder = try TemporaryFolder()
        let file = try Program.configuration(
            in: folder, changes: [("filePrefix: wissel", "filePrefix: wissel-nobody-\(getpid())")])
        let result = try Program.run("placement", "--config", file)
        #expect(result.status == 1 && result.error.contains("no node answers"), "\(result.error)")
    }

    /// What `wissel flood` sends is what the node sees; a second round of a tape is old news.
    @Test func theFloodArrives() throws {
        let node = try Node(changes: [("filePrefix: wissel", "filePrefix: wissel-flood-\(getpid())")])
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        let result = try node.inside(
            Program.path, "flood", "--local", "198.18.0.1", "--rate", "5000", "--seconds", "0.2", "--rounds", "2",
            "--json", "-")
        struct Figures: Decodable {
            var datagrams: Int
            var sent: Int
        }
        let figures = try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
        #expect(result.status == 0 && figures.datagrams == 2_000 && figures.sent == 2_000)
        _ = try node.stop()
        #expect(node.process.output.contains(" 2,000 packets,"), "\(node.process.output)")
    }

    @Test(arguments: [
        ["--rate", "0"], ["--rounds", "0"], ["--group", "here"], ["--rate", "1e6", "--seconds", "60"],
    ])
    func aWrongFloodIsRefused(arguments: [String]) throws {
        let result = try Program.run(command: Program.path, ["flood", "--local", "127.0.0.1"] + arguments)
        #expect(result.status == 64, "\(result.error)")
    }
}
