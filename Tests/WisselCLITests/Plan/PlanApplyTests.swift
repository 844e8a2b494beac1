import Foundation
import TestSupport
import Testing

/// `wissel plan --apply`: the plan gets into the file, and the file stays what it was.
@Suite struct PlanApplyTests {
    /// Four CPUs: network, engine with market data, journal; CPU 0 stays the system's.
    private func machine() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try RecordedTopology("online 0-3").write(to: folder.path)
        return folder
    }

    private func apply(_ path: String, _ folder: TemporaryFolder) throws -> Program.Result {
        try Program.run("plan", "--config", path, "--root", folder.path, "--apply")
    }

    @Test func theFileGetsThePlanOnceAndKeepsModeAndOwner() throws {
        let folder = try machine()
        let path = try Program.configuration(in: folder)
        let before = folder.text("node.yaml")
        #expect(chmod(path, 0o640) == 0)
        if geteuid() == 0 { #expect(chown(path, 1, 2) == 0) }
        let result = try apply(path, folder)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.hasSuffix("node.yaml has the plan; to undo it: mv \(path).before-plan \(path)\n"))
        let after = folder.text("node.yaml")
        let idle = "  idle: backoff                 #"
        #expect(before.contains(idle))
        #expect(
            after
                == before.replacingOccurrences(
                    of: idle, with: "  idle: busy                 #"
                ).replacingOccurrences(
                    of: "\n  # matching: ",
                    with: """

                          plan:
                            - {name: network0, cpu: 1, stages: [network0]}
                            - {name: engine, cpu: 2, stages: [engine, marketData]}
                            - {name: journal, cpu: 3, stages: [journal]}
                          # matching: 
                        """))
        #expect(folder.text("node.yaml.before-plan") == before)
        for name in ["", ".before-plan"] {
            var state = stat()
            #expect(stat(path + name, &state) == 0 && state.st_mode & 0o777 == 0o640)
            if geteuid() == 0 { #expect(state.st_uid == 1 && state.st_gid == 2) }
        }
        // Nothing else is left, and the second time nothing happens.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("node") }
        #expect(Set(names) == ["node.yaml", "node.yaml.before-plan"])
        let again = try apply(path, folder)
        #expect(again.status == 0 && again.output.contains("has this plan already: nothing was changed"))
        #expect(folder.text("node.yaml") == after && folder.text("node.yaml.before-plan") == before)
        // Undone as the message says.
        #expect(rename(path + ".before-plan", path) == 0 && folder.text("node.yaml") == before)
    }

    @Test func aLinkStaysALink() throws {
        let folder = try machine()
        let path = try Program.configuration(in: folder)
        let link = folder.path + "/link.yaml"
        #expect(symlink(path, link) == 0)
        #expect(try apply(link, folder).status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
        #expect(folder.text("node.yaml").contains("cpu: 3"))
    }

    @Test func aReadOnlyFileStaysAsItIsAndTheRemedyIsSaid() throws {
        let folder = try machine()
        let path = try Program.configuration(in: folder)
        let before = folder.text("node.yaml")
        #expect(chmod(path, 0o444) == 0)
        let result = try apply(path, folder)
        #expect(result.status == 1 && result.error.contains("read-only") && result.error.contains("chmod u+w \(path)"))
        #expect(folder.text("node.yaml") == before)
        #expect(!FileManager.default.fileExists(atPath: path + ".before-plan"))
    }

    @Test func argumentsThatDoNotFitAreSaid() throws {
        let without = try Program.run("plan", "--apply")
        #expect(without.status == 64 && without.error.contains("--config FILE"))
        #expect(try Program.run("plan", "--draw", "-", "--json", "-").status == 64)
    }
}
