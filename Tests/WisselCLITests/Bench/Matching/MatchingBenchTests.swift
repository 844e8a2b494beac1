import Foundation
import TestSupport
import Testing

/// The bare loop measures engines of the tests' own, and refuses one that does less.
@Suite(.serialized) struct MatchingBenchTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // More reports than are kept, so that memory is written round.
        try WorkloadBytes.flow(orders: 6_000).write(to: URL(fileURLWithPath: folder.path + "/a.bin"))
        try WorkloadBytes.flow(orders: 10).write(to: URL(fileURLWithPath: folder.path + "/b.bin"))
    }

    /// An engine that acknowledges everything.
    private func engine(_ name: String, _ definitions: String...) throws -> String {
        let source = try folder.write(TinyEngine.source, to: "\(name).c")
        let library = folder.path + "/\(name).so"
        let built = try Program.run(
            command: "/usr/bin/env",
            ["clang", "-shared", "-fPIC", "-O1", "-o", library, source] + definitions.map { "-D\($0)" })
        #expect(built.status == 0, "\(built.error)")
        return "\(name)=\(library)"
    }

    private func bench(_ engines: String..., replays: [String] = ["a.bin"], rest: [String] = []) throws
        -> Program.Result
    {
        try Program.run(
            command: Program.path,
            ["bench", "matching", "--rounds", "3", "--json", "-", "--replay"] + replays.map { "\(folder.path)/\($0)" }
                + ["--engine"] + engines + rest)
    }

    private struct Figures: Decodable {
        struct Engine: Decodable {
            struct Scenario: Decodable {
                var median: Double
                var best: Double
                var rounds: [Double]
            }
            var worstNsPerMessage: Double
            var worstScenario: String
            var scenarios: [String: Scenario]
        }
        var worstNsPerMessage: Double
        var noopNsPerMessage: Double
        var engines: [String: Engine]
        var messages: [String: Int]
        var reports: [String: Int]
    }

    @Test func enginesOnceWithAQueueOfTheirOwnOnceWithout() throws {
        let result = try bench(
            try engine("plain"), try engine("queue", "OWN_QUEUE"), try engine("early", "PREBUILD"),
            replays: ["a.bin", "b.bin"])
        #expect(result.status == 0, "\(result.error)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let figures = try decoder.decode(Figures.self, from: Data(result.output.utf8))
        #expect(Set(figures.engines.keys) == ["plain", "queue", "early", "noop"])
        #expect(figures.messages == ["a": 14_000, "b": 24] && figures.reports == ["a": 14_000, "b": 24])
        let plain = try #require(figures.engines["plain"])
        #expect(figures.worstNsPerMessage == plain.worstNsPerMessage && figures.noopNsPerMessage > 0)
        let scenario = try #require(plain.scenarios[plain.worstScenario])
        #expect(scenario.median == plain.worstNsPerMessage && scenario.best <= scenario.median)
        #expect(scenario.rounds.count == 3)
    }

    @Test func whoDoesLessIsRefused() throws {
        let honest = try engine("honest")
        let silent = try bench(honest, try engine("silent", "SILENT_ON_CANCEL"))
        #expect(silent.status == 1 && silent.error.contains("honest and silent do not say the same"))
        let wrong = try bench(honest, try engine("wrong", "WRONG_PRICE"))
        #expect(wrong.status == 1 && wrong.error.contains("honest and wrong do not say the same"))
    }

    @Test func whatCannotBeMeasuredIsToldWithTheCause() throws {
        let fallen = try bench(try engine("falling", "FALLS"))
        #expect(fallen.status == 1 && fallen.error.contains("the engine fell, signal"), "\(fallen.error)")
        let partial = try bench(try engine("partial", "WITHOUT_MODIFY"))
        #expect(partial.status == 1 && partial.error.contains("has no 'engine_on_modify'"), "\(partial.error)")
        let absent = try bench("absent=\(folder.path)/absent.so")
        #expect(absent.status == 64 && absent.error.contains("there is no"), "\(absent.error)")
        _ = try folder.write("", to: "empty.bin")
        let empty = try bench(try engine("plain"), replays: ["empty.bin"])
        #expect(empty.status == 1 && empty.error.contains("the file is empty"), "\(empty.error)")
        #expect(try bench("noop=/dev/null").status == 64)
        #expect(try bench(try engine("plain"), rest: ["--cpu", "8000"]).error.contains("CPU 8000 was refused"))
    }
}
