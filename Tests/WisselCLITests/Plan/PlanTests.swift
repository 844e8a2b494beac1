import Foundation
import TestSupport
import Testing

/// `wissel plan`: what it proposes for a machine, and that the node takes it.
@Suite struct PlanTests {
    private struct Plan: Decodable {
        struct Core: Decodable {
            var cpu: Int?
            var numaNode: Int?
            var stages: [String]
            var reason: String
        }
        struct Interface: Decodable {
            var device: String
            var numaNode: Int?
        }
        var interfaces: [Interface]
        var idle: String
        var cores: [Core]
        var systemCPUs: [Int]
        var emptySiblings: [Int]
        var kernelArguments: [String]
        var warnings: [String]
    }

    /// Two sockets of 4 cores with two threads each, a NIC on the second.
    private func machine() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try RecordedTopology(
            """
            online 0-15
            smt 8
            package 0: 0-3,8-11
            package 1: 4-7,12-15
            l3: 0-3,8-11
            l3: 4-7,12-15
            node 0: 0-3,8-11
            node 1: 4-7,12-15
            distances 0: 10 21
            distances 1: 21 10
            pci 0000:81:00.0: 1
            pci 0000:82:00.0: -1
            """
        ).write(to: folder.path)
        return folder
    }

    @Test func theStagesGoWhereTheNICIs() throws {
        let folder = try machine()
        let path = try Program.configuration(
            in: folder, changes: [("device: tap:wissel0", "device: pci:0000:81:00.0")])
        let result = try Program.run("plan", "--config", path, "--root", folder.path, "--json", "-")
        #expect(result.status == 0, "\(result.error)")
        let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        #expect(plan.cores.map(\.cpu) == [4, 5, 6, 7] && plan.cores.allSatisfy { $0.numaNode == 1 })
        #expect(plan.cores.map(\.stages) == [["network0"], ["engine"], ["marketData"], ["journal"]])
        #expect(plan.cores.allSatisfy { $0.reason.contains("NUMA node 1") })
        #expect(plan.interfaces.map(\.numaNode) == [1] && plan.idle == "busy" && plan.warnings.isEmpty)
        #expect(plan.systemCPUs == [0, 1, 2, 3, 8, 9, 10, 11] && plan.emptySiblings == [12, 13, 14, 15])
        #expect(plan.kernelArguments.contains("isolcpus=managed_irq,domain,4-7,12-15"))
        #expect(plan.kernelArguments.contains("irqaffinity=0-3,8-11"))
        #expect(plan.kernelArguments.contains { $0.hasPrefix("hugepages=") })
    }

    /// Cores of their own for two shards, in every form the plan comes in; in the file in place of what it said of them.
    @Test func shardsAreInThePlan() throws {
        let folder = try TemporaryFolder()
        try RecordedTopology("online 0-7").write(to: folder.path)
        let path = try Program.configuration(
            in: folder,
            changes: [
                ("shards: 1 ", "shards: 2 "), ("  # matching: [6, 7]", "  matching: [6, 7]"),
                (
                    "\njournal:\n",
                    """
                    \n  - {id: 2, symbol: TWO, maximumPrice: 100, referencePrice: 50,
                         risk: {maximumQuantity: 1, maximumNotional: 1, collarTicks: 1}}
                    journal:\n
                    """
                ),
            ])
        let result = try Program.run("plan", "--config", path, "--root", folder.path, "--json", "-")
        #expect(result.status == 0, "\(result.error)")
        let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        #expect(
            plan.cores.map(\.stages) == [
                ["network0"], ["engine"], ["marketData"], ["journal"], ["matching0"], ["matching1"],
            ])
        #expect(plan.cores.map(\.cpu) == [1, 2, 3, 4, 5, 6])
        #expect(plan.kernelArguments.contains("isolcpus=managed_irq,domain,1-6"))
        let drawing = try Program.run("plan", "--config", path, "--root", folder.path, "--draw", "-").output
        #expect(drawing.contains(">matching0</text>") && drawing.contains(">matching</text>"))
        let tried = try Program.run("tune", "pinning", "--config", path, "--root", folder.path, "--list").output
        #expect(tried.contains("CPU 5 matching0; CPU 6 matching1") && tried.contains("shards on the engine's core\n"))

        let applied = try Program.run("plan", "--config", path, "--root", folder.path, "--apply")
        #expect(applied.status == 0, "\(applied.error)")
        let text = folder.text("node.yaml")
        #expect(text.contains("    - {name: matching1, cpu: 6, stages: [matching1]}\n"))
        #expect(!text.contains("matching: "))
        let again = try Program.run("plan", "--config", path, "--root", folder.path, "--apply")
        #expect(again.output.contains("has this plan already"), "\(again.error)")
    }

    @Test func aNICWithoutANodeIsWarnedAbout() throws {
        let folder = try machine()
        let path = try Program.configuration(
            in: folder, changes: [("device: tap:wissel0", "device: pci:0000:82:00.0")])
        let result = try Program.run("plan", "--config", path, "--root", folder.path)
        #expect(result.status == 0 && result.output.contains("# warning:  pci:0000:82:00.0 names no NUMA node"))
    }

    @Test func thePlanOfThisMachineCanBePastedAndIsTaken() throws {
        let folder = try TemporaryFolder()
        let plan = try Program.run("plan", "--explain")
        #expect(plan.status == 0 && plan.output.contains("cores:\n  idle: "), "\(plan.error)")
        // In place of the example's own section, which is its last.
        let example = try Program.run("run", "--print-config").output
        let start = try #require(example.range(of: "cores:\n"))
        let text = (example[..<start.lowerBound] + plan.output).replacingOccurrences(
            of: "device: tap:wissel0", with: "device: ring:plan"
        ).replacingOccurrences(of: "directory: wissel-journal", with: "directory: \(folder.path)")
        let path = try folder.write(text, to: "node.yaml")
        let doctor = try Program.run("run", "--quiet", "--seconds", "0.1", "--config", path)
        #expect(doctor.status == 0, "\(doctor.error)")
    }

    @Test func reasonsComeWhenAskedFor() throws {
        let folder = try machine()
        let without = try Program.run("plan", "--root", folder.path)
        let with = try Program.run("plan", "--root", folder.path, "--explain")
        #expect(!without.output.contains("its sibling") && with.output.contains("its sibling"))
        func bare(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("#") } }
        #expect(bare(without.output) == bare(with.output))
    }

    @Test func whatIsWrongIsSaid() throws {
        let folder = try machine()
        let path = try Program.configuration(in: folder, changes: [("port: 9000", "port: 90000")])
        #expect(try Program.run("plan", "--config", path).status == 78)
        let nowhere = try Program.run("plan", "--root", folder.path + "/nowhere")
        #expect(nowhere.status == 1 && nowhere.error.contains("names no CPUs"), "\(nowhere.error)")
        let missing = try Program.configuration(
            in: folder, changes: [("device: tap:wissel0", "device: pci:0000:99:00.0")])
        let noDevice = try Program.run("plan", "--config", missing, "--root", folder.path)
        #expect(noDevice.status == 1 && noDevice.error.contains("lspci -D"), "\(noDevice.error)")
    }
}
