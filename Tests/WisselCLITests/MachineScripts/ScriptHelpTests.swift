import Foundation
import TestSupport
import Testing

/// Whoever finds a script can ask it what it does and how to go back, before it does anything.
@Suite struct ScriptHelpTests {
    /// Every file that can be run in the folders of scripts, by its path in the repository.
    static let scripts: [String] = ["scripts", "hugepages", ".ci"].flatMap { folder in
        let files = FileManager.default.enumerator(atPath: Program.repository + "/" + folder)
        return (files?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }
    }.filter { name in
        var isFolder: ObjCBool = false
        let path = Program.repository + "/" + name
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }.sorted()

    @Test("Help is given, and says how to undo what is done", arguments: scripts)
    func help(script: String) throws {
        let result = try Program.run(command: Program.repository + "/" + script, ["--help"], limitSeconds: 10)
        #expect(result.status == 0, "\(result.error)")
        let name = script == ".ci/run" ? "scripts/test" : (script as NSString).lastPathComponent
        #expect(result.output.contains(name), "\(result.output)")
        let words = ["undo", "given back", "gives back", "changes nothing"]
        let text = result.output.lowercased()
        #expect(words.contains { text.contains($0) }, "neither undone nor harmless: \(result.output)")
    }

    @Test func theyAreAllFound() {
        for name in [
            "scripts/demo", "scripts/test", "scripts/lab", "scripts/package", "scripts/packaging/test",
            "hugepages/reserve",
        ] {
            #expect(Self.scripts.contains(name))
        }
    }
}
