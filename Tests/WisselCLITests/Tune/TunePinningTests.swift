import Foundation
import TestSupport
import Testing

/// `wissel tune pinning` on this machine, with times so short that the figures mean nothing.
@Suite(.serialized) struct TunePinningTests {
    private struct Figures: Decodable {
        struct Plan: Decodable {
            struct Median: Decodable {
                var ordersPerSecond: Double
                var packetsPerSecond: Double
                var p50: Double
                var p99: Double
            }
            var name: String
            var median: Median
            var rounds: [String: Median]
        }
        var plans: [Plan]
        var verdict: String
        var winner: String?
        var notMeasured: [String]
    }

    /// In memory where there is such a folder: a disk that stalls makes measurements fail, as it should.
    private static let journal =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()

    private func lines(_ folder: TemporaryFolder) -> [Substring] { folder.text("results.jsonl").split(separator: "\n") }

    private func arguments(_ folder: TemporaryFolder, _ path: String, _ more: [String] = []) -> [String] {
        [
            "tune", "pinning", "--config", path, "--results", folder.path + "/results.jsonl", "--seconds-per-plan",
            "0.1",
            "--orders-per-second", "1000", "--market-data-per-second", "1000", "--journal", Self.journal,
        ] + more
    }

    /// Processes a process has started that still run.
    private func children(of parent: Int32) -> [Int32] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return numbers.filter { number in
            let status = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
            return status.contains("\nPPid:\t\(parent)\n")
        }
    }

    /// One that has ended and that nobody has asked about does not run.
    private func isRunning(_ process: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        return !status.isEmpty && !status.contains("\nState:\tZ")
    }

    @Test func interruptedKilledAndFinished() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder)
        let output = try TemporaryFolder()

        // Ctrl-C after some measurements.
        let first = try Running(
            command: Program.path, arguments(folder, path, ["--rounds", "1"]), folder: output)
        #expect(first.waits(for: "round 1 of 1, network", limitSeconds: 120) || first.output.contains("proposed: "))
        kill(first.processID, SIGINT)
        #expect(first.wait(limitSeconds: 20) == 130, "\(first.error)")
        #expect(first.error.contains("goes on where it was") && first.output.contains("results: "))
        let afterInterrupt = lines(folder).count
        #expect(afterInterrupt >= 2)

        // kill -9 in the middle of a measurement: nothing outlives it, and a line half written is found.
        let second = try Running(
            command: Program.path, arguments(folder, path, ["--rounds", "1", "--resume"]), folder: TemporaryFolder())
        #expect(
            second.waits(for: "going on with \(afterInterrupt - 1) measurements", limitSeconds: 30),
            "\(second.output) \(second.error)")
        var children: [Int32] = []
        for _ in 0..<500 where children.isEmpty {
            children = self.children(of: second.processID)
            usleep(10_000)
        }
        #expect(children.count == 1)
        kill(second.processID, SIGKILL)
        #expect(second.wait(limitSeconds: 10) == 128 + SIGKILL)
        for _ in 0..<1_000 where children.contains(where: isRunning) { usleep(10_000) }
        #expect(!children.contains(where: isRunning), "the measuring process outlives its parent")
        let left = try FileManager.default.contentsOfDirectory(atPath: Self.journal).filter { name in
            children.contains { name == "wissel-tune-\($0)" }
        }
        #expect(left.isEmpty, "\(left)")
        let whole = lines(folder).count
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/results.jsonl"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"figures\":{\"ordersPer".utf8))
        try handle.close()

        let third = try Program.run(
            command: Program.path,
            arguments(folder, path, ["--json", folder.path + "/figures.json"]) + ["--rounds", "1"],
            limitSeconds: 240)
        #expect(third.status == 0, "\(third.error)")
        #expect(third.output.contains("was cut off while it was written"))
        #expect(third.output.contains("going on with \(whole - 1) measurements"))
        let figures = try JSONDecoder().decode(Figures.self, from: Data(folder.text("figures.json").utf8))
        #expect(figures.plans.count + figures.notMeasured.count == lines(folder).count - 1)
        #expect(figures.plans.contains { $0.name == "proposed" })
        #expect(figures.plans.contains { $0.median.ordersPerSecond > 0 && $0.median.packetsPerSecond > 0 })
        for plan in figures.plans {
            // A client that shares its CPU with a core that polls may not get it at all for so short a time.
            #expect(plan.median.ordersPerSecond >= 0 && plan.median.packetsPerSecond >= 0, "\(plan.name)")
            #expect(plan.median.p50 > 0 && plan.median.p99 >= plan.median.p50 && plan.rounds.count == 1)
        }
        #expect(figures.winner == nil && third.output.contains("too few rounds to tell"))

        // All is there: nothing is measured, and nothing applied without a winner.
        let before = lines(folder)
        let again = try Program.run(
            command: Program.path, arguments(folder, path, ["--rounds", "1", "--apply"]), limitSeconds: 30)
        #expect(again.status == 0 && again.output.contains("all measurements are there"), "\(again.error)")
        #expect(again.output.contains("no plan has won") && lines(folder) == before)

        // Another configuration: afresh, with the reason, and what was there is kept.
        let other = try Program.configuration(in: folder, changes: [("buffers: 32768", "buffers: 16384")])
        let fourth = try Running(
            command: Program.path, arguments(folder, other, ["--rounds", "1"]), folder: TemporaryFolder())
        #expect(
            fourth.waits(for: "measuring afresh: the configuration has changed", limitSeconds: 30), "\(fourth.error)")
        fourth.terminate()
        #expect(fourth.wait(limitSeconds: 20) == 130)
        #expect(folder.text("results.jsonl.before").split(separator: "\n") == before)
    }

    /// Measurements of three rounds, written by hand: the winner gets into the file.
    @Test func theWinnerIsApplied() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder)
        let first = try Running(
            command: Program.path, arguments(folder, path, ["--rounds", "3"]), folder: TemporaryFolder())
        for _ in 0..<3_000 where lines(folder).count < 1 { usleep(10_000) }
        first.terminate()
        #expect(first.wait(limitSeconds: 20) == 130)
        let list = try Program.run("tune", "pinning", "--config", path, "--list")
        let names = list.output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(list.status == 0 && names.first == "proposed" && names.count >= 2)
        // One that is compared: on machines with few CPUs the first may leave one to the clients.
        let chosen = min(2, names.count - 1)
        var text = String(lines(folder)[0]) + "\n"
        for round in 1...3 {
            for (index, name) in names.enumerated() {
                let p50 = index == chosen ? 1_000 : 2_000 + index
                text +=
                    "{\"figures\":{\"ordersPerSecond\":9,\"p50\":\(p50),\"p99\":9000,\"packetsPerSecond\":9},"
                    + "\"plan\":\"\(name)\",\"round\":\(round)}\n"
            }
        }
        _ = try folder.write(text, to: "results.jsonl")
        let result = try Program.run(
            command: Program.path, arguments(folder, path, ["--rounds", "3", "--apply"]))
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("'\(names[chosen])' wins by 100 %"), "\(result.output)")
        #expect(result.output.contains("node.yaml has the plan"))
        let section = try #require(result.output.components(separatedBy: "cores:   # \(names[chosen])\n").last)
        let plan = section.components(separatedBy: "\n").filter { $0.hasPrefix("    - {") }
        #expect(!plan.isEmpty && plan.allSatisfy(folder.text("node.yaml").contains))
    }

    @Test func plansOfAnotherMachineAreListed() throws {
        let folder = try TemporaryFolder()
        try RecordedTopology("online 0-15\nsmt 8\nl3: 0-15").write(to: folder.path)
        let result = try Program.run("tune", "pinning", "--root", folder.path, "--list")
        #expect(result.status == 0, "\(result.error)")
        #expect(
            result.output.hasPrefix(
                """
                proposed
                    CPU 1 network0; CPU 2 engine; CPU 3 marketData; CPU 4 journal (busy polling)
                    clients on CPU 7

                """), "\(result.output)")
    }

    @Test func wrongArgumentsAreSaidWithTheRemedy() throws {
        for (arguments, words) in [
            (["--rounds", "0"], "1 to 99"), (["--seconds-per-plan", "0"], "0.1 to 3600"),
            (["--apply"], "--config FILE"),
            (["--fresh", "--resume"], "leave one out"), (["--root", "/nowhere"], "--list"),
            (["--orders-per-second", "1"], "100 to"), (["--by", "luck"], "luck"),
        ] {
            let result = try Program.run(command: Program.path, ["tune", "pinning"] + arguments)
            #expect(result.status == 64 && result.error.contains(words), "\(arguments): \(result.error)")
        }
        let folder = try TemporaryFolder()
        let place = try Program.run("tune", "pinning", "--results", "/proc/nowhere/results.jsonl")
        #expect(place.status == 1, "\(place.error)")
        _ = folder
    }
}
