import Foundation
import TestSupport
import Testing

/// `wissel plan --hugepages`: how many pages are needed where, and what is missing, on machines that are made up.
@Suite struct HugePagePlanTests {
    private struct Plan: Decodable {
        struct Figures: Decodable {
            struct Node: Decodable {
                struct Addend: Decodable {
                    var megabytes: Int
                    var reason: String
                }
                struct Pool: Decodable, Equatable {
                    var pageKibibytes: Int
                    var needed: Int
                    var free: Int
                    var total: Int
                    var missing: Int
                }
                var node: Int
                var megabytes: Int
                var addends: [Addend]
                var pools: [Pool]
                var command: String?
            }
            var wanted: String
            var isLacking: Bool
            var nodes: [Node]
        }
        var hugePages: Figures
        var kernelArguments: [String]
    }

    private static let twoNodes = """
        online 0-7
        node 0: 0-3
        node 1: 4-7
        pci 0000:17:00.0: 0
        pci 0000:81:00.0: 1
        """

    private func machine(_ pools: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try RecordedTopology(Self.twoNodes + "\n" + pools).write(to: folder.path)
        return folder
    }

    private func configuration(in folder: TemporaryFolder, _ changes: [(String, String)] = []) throws -> String {
        try Program.configuration(
            in: folder,
            changes: [("device: tap:wissel0", "device: pci:0000:81:00.0"), ("queues: 1", "queues: 2")] + changes)
    }

    private func plan(_ folder: TemporaryFolder, _ path: String) throws -> Plan {
        let result = try Program.run("plan", "--config", path, "--root", folder.path, "--json", "-")
        #expect(result.status == 0, "\(result.error)")
        return try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
    }

    @Test func pagesAreCountedWhereTheNICIs() throws {
        let folder = try machine("pages 0 2048: 512 512\npages 1 2048: 12 12\npages 1 1048576: 0 0")
        let path = try configuration(in: folder)
        let plan = try plan(folder, path)
        let node = try #require(plan.hugePages.nodes.first)
        #expect(plan.hugePages.nodes.count == 1 && node.node == 1 && plan.hugePages.isLacking)
        // Two queues of 32,768 buffers of 2,368 bytes, a ring and caches each; and the tables.
        #expect(node.addends.map(\.megabytes) == [152, 32] && node.megabytes == 184)
        #expect(node.addends[0].reason.contains("2 queues × 76 MiB for 32,768 buffers of 2,368 bytes"))
        #expect(
            node.pools == [
                .init(pageKibibytes: 2_048, needed: 92, free: 12, total: 12, missing: 80),
                .init(pageKibibytes: 1 << 20, needed: 1, free: 0, total: 0, missing: 1),
            ])
        #expect(node.command == "sudo hugepages/reserve --count 80 --node 1 --tag wissel")
        #expect(plan.kernelArguments.contains("hugepages=184"))
        let text = try Program.run("plan", "--config", path, "--root", folder.path, "--hugepages", "--explain")
        #expect(text.status == 1)
        #expect(text.output.contains("node 1: 92 pages of 2 MiB needed, 12 free of 12: 80 missing\n"))
        #expect(
            text.output.contains("    152 MiB  pci:0000:81:00.0: ") && text.output.contains("    184 MiB  together\n"))
        #expect(text.output.contains("    sudo hugepages/reserve --count 80 --node 1 --tag wissel\n"))
        #expect(!text.output.contains("cores:"))
    }

    /// The command is taken by the script it names.
    @Test func theCommandIsOneTheScriptTakes() throws {
        let folder = try machine("pages 1 2048: 12 12")
        let command = try #require(try plan(folder, configuration(in: folder)).hugePages.nodes[0].command)
        let words = command.split(separator: " ").dropFirst().map(String.init)
        let result = try Program.run(
            command: "/usr/bin/env",
            ["WISSEL_ROOT=\(folder.path)", "\(Program.repository)/\(words[0])", "--dry-run"] + words.dropFirst())
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("echo 92 > \(folder.path)/sys/devices/system/node/node1"), "\(result.output)")
    }

    @Test(arguments: ["pages 1 2048: 92 100", "pages 1 2048: 0 0\npages 1 1048576: 1 1"])
    func pagesOfOneSizeAreEnough(pools: String) throws {
        let folder = try machine(pools)
        let path = try configuration(in: folder)
        #expect(try !plan(folder, path).hugePages.isLacking)
        let result = try Program.run("plan", "--config", path, "--root", folder.path, "--hugepages")
        #expect(result.status == 0 && result.output.contains(": enough") && !result.output.contains("reserve"))
    }

    @Test func eachNodeHasItsOwnSum() throws {
        let folder = try machine("pages 0 2048: 0 0\npages 1 2048: 76 76")
        let path = try configuration(
            in: folder,
            [
                (
                    "interfaces:\n",
                    "interfaces:\n  - {device: \"pci:0000:17:00.0\", address: 198.18.9.2/24}\n"
                )
            ])
        let nodes = try plan(folder, path).hugePages.nodes
        // The tables are counted with the first interface.
        #expect(nodes.map(\.node) == [0, 1] && nodes.map(\.megabytes) == [108, 152])
        #expect(nodes.map { $0.pools[0].missing } == [54, 0] && nodes[1].command == nil)
    }

    @Test func aNameThatIsInUseIsNotUsedAgain() throws {
        let folder = try machine("pages 1 2048: 12 12")
        let notes = folder.path + "/run/wissel"
        try FileManager.default.createDirectory(atPath: notes, withIntermediateDirectories: true)
        try Data("2048 12 1\n".utf8).write(to: URL(fileURLWithPath: notes + "/hugepages-wissel"))
        let path = try configuration(in: folder)
        #expect(
            try plan(folder, path).hugePages.nodes[0].command?.hasSuffix("--count 80 --node 1 --tag wissel-2") == true)
    }

    @Test func withoutHugePagesNothingIsMissing() throws {
        let folder = try machine("pages 1 2048: 0 0")
        let path = try configuration(in: folder, [("hugePages: auto", "hugePages: none")])
        let result = try Program.run("plan", "--config", path, "--root", folder.path, "--hugepages")
        #expect(result.status == 0 && result.output.contains("hugePages: none"))
    }

    /// A kernel that shows no pools at all, as small containers do.
    @Test func aKernelWithoutPoolsIsSaid() throws {
        let folder = try TemporaryFolder()
        try RecordedTopology("online 0-3").write(to: folder.path)
        let result = try Program.run("plan", "--root", folder.path, "--hugepages")
        #expect(result.status == 1)
        #expect(
            result.output.hasPrefix("node 0: 54 pages of 2 MiB needed, 0 free of 0: 54 missing\n"), "\(result.output)")
    }
}
