import Foundation
import Orders
import TestSupport
import Testing
import WisselCLI

/// The engine's own benchmark in its small size: its keys, and that the events it names are the right ones.
@Suite(.serialized) struct OwnBenchTests {
    private struct Figures: Decodable {
        struct Percentiles: Decodable {
            var median, high, highest, most: Double
            var samples: Int
            enum CodingKeys: String, CodingKey {
                case samples
                case median = "p50_ns"
                case high = "p99_ns"
                case highest = "p99_99_ns"
                case most = "max_ns"
            }
        }
        struct Operation: Decodable {
            var block: Percentiles?
            var single: Percentiles
        }
        struct Flow: Decodable {
            var commands, refused, trades: Int
            var nanoseconds: Double
            enum CodingKeys: String, CodingKey {
                case commands, refused, trades
                case nanoseconds = "ns_per_command"
            }
        }
        var hotAdd, hotCancel, hotCancelAny, addLarge, cancelLarge, cancelAnyLarge, bytesPerOrder, pipeline: Double
        var eventsHash, stateHash: String
        var isSmall: Bool
        var operations: [String: [String: Operation]]
        var flow: Flow?
        enum CodingKeys: String, CodingKey {
            case operations, flow
            case hotAdd = "hot_add_p50_ns"
            case hotCancel = "hot_cancel_p50_ns"
            case hotCancelAny = "hot_cancel_any_p50_ns"
            case addLarge = "add_1m_p50_ns"
            case cancelLarge = "cancel_1m_p50_ns"
            case cancelAnyLarge = "cancel_any_1m_p50_ns"
            case bytesPerOrder = "bytes_per_order"
            case pipeline = "pipeline_orders_per_second"
            case eventsHash = "events_hash"
            case stateHash = "state_hash"
            case isSmall = "small"
        }
    }

    private func bench(_ rest: [String] = []) throws -> Figures {
        let folder = try TemporaryFolder()
        let result = try Program.run(
            command: Program.path,
            ["bench", "matching", "--small", "--json", "-", "--journal", folder.path] + rest, limitSeconds: 120)
        #expect(result.status == 0, "\(result.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "the journal was left behind")
        return try JSONDecoder().decode(Figures.self, from: Data(result.output.utf8))
    }

    @Test func figuresOfEveryOperation() throws {
        let figures = try bench()
        for value in [
            figures.hotAdd, figures.hotCancel, figures.hotCancelAny, figures.addLarge, figures.cancelLarge,
            figures.cancelAnyLarge, figures.pipeline,
        ] { #expect(value > 0) }
        #expect((32...512).contains(figures.bytesPerOrder), "\(figures.bytesPerOrder) B per order")
        #expect(figures.isSmall)
        #expect(Set(figures.operations.keys) == ["fifo_100", "pro_rata_10_at_level"])
        for (book, operations) in figures.operations {
            let shared: Set = book.hasPrefix("pro_rata") ? ["share_level"] : []
            #expect(
                Set(operations.keys)
                    == shared.union([
                        "add_at_top", "add_deep", "cancel_recent", "cancel_any", "reduce", "replace", "cross_1",
                        "sweep_10_levels",
                    ]))
            for (name, operation) in operations {
                #expect((operation.block == nil) == (name == "sweep_10_levels"))
                let single = operation.single
                #expect(single.median <= single.high && single.high <= single.highest)
                #expect(single.highest <= single.most && single.samples > 0)
            }
        }
        #expect(figures.eventsHash == String(judged().value, radix: 16))
        // In every build and on every machine.
        #expect(figures.eventsHash == "a39ebeaf1013292d")
    }

    /// What the rules say to the same commands.
    private func judged() -> StateHash {
        var hash = StateHash()
        for script in EventsHash.scripts(BookShape.small) {
            var script = script
            let specification = script.shape.specification
            var exchange = NaiveExchange(
                instruments: [specification], maximumInstruments: 1, maximumOrders: specification.maximumOrders)
            script.forEachCommand(blocks: EventsHash.blocks) { command in
                for report in exchange.apply(command) { hash.combine(report) }
            }
        }
        return hash
    }

    @Test(.enabled(if: Captures.areWanted)) func recordedFlow() throws {
        let pitch = try #require(try bench(["--flow", Captures.directory + "/cboe/cfe-pitch-v1.1.6.pcap.zst"]).flow)
        #expect(pitch.commands > 14_000 && pitch.nanoseconds > 0 && pitch.refused == 0)
        let deep = try #require(try bench(["--flow", Captures.deep]).flow)
        #expect(deep.commands > 100_000 && deep.trades > 0)
    }

    @Test func whatCannotBeReadIsToldWithTheCause() throws {
        let absent = try Program.run("bench", "matching", "--small", "--flow", "/nowhere.pcap")
        #expect(absent.status == 64 && absent.error.contains("there is no /nowhere.pcap"), "\(absent.error)")
        let both = try Program.run("bench", "matching", "--small", "--replay", "a.bin")
        #expect(both.status == 64 && both.error.contains("leave --replay and --engine out"), "\(both.error)")
        let alone = try Program.run("bench", "matching", "--engine", "a=b.so")
        #expect(alone.status == 64 && alone.error.contains("--replay takes at least one"), "\(alone.error)")
    }
}
