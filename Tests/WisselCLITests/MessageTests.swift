import Foundation
import TestSupport
import Testing

/// What an operator reads when something is missing or wrong: the thing, and how to give it.
@Suite struct MessageTests {
    @Test func theExampleIsRight() throws {
        let folder = try TemporaryFolder()
        let result = try Program.run("run", "--check", "--config", try Program.configuration(in: folder))
        #expect(result.status == 0, "\(result.error)")
    }

    @Test func aWrongConfigurationNamesFileLineAndKey() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder, changes: [("port: 9000", "port: 90000"), ("queues: 1", "queus: 1")])
        let result = try Program.run("run", "--config", path)
        #expect(result.status == 78)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (key, text) in [("orderEntry.port", "port: 90000"), ("interfaces[0].queus", "queus: 1")] {
            let line = try #require(lines.firstIndex { $0.contains(text) }) + 1
            #expect(result.error.contains("\(path):\(line): \(key)"), "\(result.error)")
        }
        #expect(result.error.contains("expected") && result.error.contains("Write:"))
    }

    @Test func aMissingFileAndNoYAMLAreSaid() throws {
        let missing = try Program.run("run", "--config", "/nowhere/node.yaml")
        #expect(missing.status == 78 && missing.error.contains("--print-config"), "\(missing.error)")
        let folder = try TemporaryFolder()
        let broken = try Program.run("run", "--config", try folder.write("interfaces: [", to: "broken.yaml"))
        #expect(broken.status == 78 && broken.error.contains("YAML"), "\(broken.error)")
    }

    /// With 78 by what the doctor sees, with 1 by what shows when it is opened.
    @Test(
        "What is missing is named, and how to give it",
        arguments: [
            ("device: tap:wissel0", "device: af_packet:nosuch0", 1, "interface nosuch0 does not exist"),
            ("device: tap:wissel0", "device: pci:0000:99:00.0", 78, "no PCI device 0000:99:00.0"),
            ("device: tap:wissel0", "device: tun:x", 1, "use pci, tap, af_packet"),
            ("directory: ", "directory: /nowhere", 78, "mkdir -p"),
            (
                "  # plan: ", "  plan: [{cpu: 4000, stages: [network0, engine, marketData, journal]}] # ", 78,
                "may run on CPUs"
            ),
            ("  # plan: ", "  plan: [{cpu: 0, stages: [network0, engine, journal]}] # ", 78, "no core runs the stage"),
        ] as [(String, String, Int32, String)])
    func missing(old: String, new: String, status: Int32, words: String) throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(in: folder, changes: [(old, new)])
        let result = try Program.run("run", "--quiet", "--seconds", "1", "--config", path)
        #expect(result.status == status && result.error.contains(words), "\(result.status) \(result.error)")
    }

    /// More than any machine has reserved, so that it does not matter what this one has.
    @Test func missingHugePagesAreSaidWithTheCommandThatGivesThem() throws {
        let folder = try TemporaryFolder()
        let path = try Program.configuration(
            in: folder,
            changes: [
                ("hugePages: auto ", "hugePages: required "),
                ("buffers: 32768 ", "buffers: 4194304 "), ("queues: 1", "queues: 4"),
            ])
        let result = try Program.run("run", "--quiet", "--seconds", "1", "--config", path)
        #expect(result.status == 78 && result.error.contains("sudo hugepages/reserve"), "\(result.error)")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give its rights away"))
    func aMissingRightIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(chmod(folder.path, 0o777) == 0)
        let path = try Program.configuration(in: folder)
        let result = try Program.run(
            command: "/usr/bin/setpriv",
            [
                "--bounding-set=-all", "--inh-caps=-all", Program.path, "run", "--quiet", "--seconds", "1", "--config",
                path,
            ])
        #expect(result.status == 78 && result.error.contains("CAP_NET_ADMIN"), "\(result.error)")
    }

    @Test func wrongArgumentsAndHelp() throws {
        #expect(try Program.run("run").status == 64)
        #expect(try Program.run("load", "--key", "x", "--rate", "-1").status == 64)
        #expect(try Program.run("load", "--key", "x", "--node", "here").status == 64)
        for words in ["run", "demo", "plan", "load", "replay", "bench", "bench ring", "bench packet", "bench matching"]
        {
            let command = words.split(separator: " ").map(String.init)
            let help = try Program.run(command: Program.path, command + ["--help"])
            #expect(help.status == 0 && help.output.contains("OVERVIEW"))
        }
    }
}
