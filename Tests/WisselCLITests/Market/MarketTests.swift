import Foundation
import Testing

/// `wissel market` beside a running node.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct MarketTests {
    private struct Reply: Decodable { var sequence: UInt64 }

    private func market(_ node: Node, _ arguments: String...) throws -> Program.Result {
        try Program.run(command: Program.path, ["market"] + arguments + ["--node", "\(node.process.processID)"])
    }

    @Test func commandsAreCarriedOutAndReplayed() throws {
        let node = try Node()
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        for arguments in [
            ["phase", "WSL", "preOpen"], ["indicate", "1"], ["set", "WSL", "priceBand", "9000", "11000"],
            ["set", "1", "referencePrice", "10001"], ["cancel", "--side", "buy", "--session", "5"],
            ["phase", "WSL", "continuous"],
        ] {
            let result = try Program.run(
                command: Program.path, ["market"] + arguments + ["--node", "\(node.process.processID)"])
            #expect(result.status == 0 && !result.output.isEmpty, "\(arguments): \(result.output)\(result.error)")
        }
        let json = try market(node, "indicate", "WSL", "--json")
        #expect(json.status == 0, "\(json.error)")
        let reply = try JSONDecoder().decode(Reply.self, from: Data(json.output.utf8))
        #expect(reply.sequence >= 7)
        let unknown = try market(node, "phase", "NIX", "halt")
        #expect(unknown.status == 1 && unknown.error.contains("it has WSL (1)"), "\(unknown.error)")
        let hash = try node.stop()
        let replay = try Program.run("replay", "--config", node.configuration, "--expect", hash)
        #expect(replay.status == 0, "\(replay.output)\(replay.error)")
    }

    @Test func wrongWishesAreSaid() throws {
        for (arguments, words) in [
            (["phase", "WSL", "open"], "there are closed, preOpen"), (["set", "WSL", "lot", "x"], "no number for lot"),
            (["set", "WSL", "colour", "1"], "there are list"), (["cancel", "--side", "both"], "buy or sell"),
            (["cancel", "--session", "0"], "1 or more"),
        ] {
            let result = try Program.run(command: Program.path, ["market"] + arguments)
            #expect(result.status == 64 && result.error.contains(words), "\(arguments): \(result.error)")
        }
        let nobody = try Program.run("market", "indicate", "WSL", "--node", "999999999")
        #expect(nobody.status == 1 && nobody.error.contains("no node runs here"), "\(nobody.error)")
    }
}
