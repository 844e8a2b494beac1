import Foundation
import Testing

/// The README says what is there.
@Suite struct ReadmeTests {
    private func readme() throws -> String {
        try String(contentsOfFile: Program.repository + "/README.md", encoding: .utf8)
    }

    @Test func followOneOrderNamesFilesThatExist() throws {
        let text = try readme()
        let start = try #require(text.range(of: "## Follow one order"))
        let rest = text[start.upperBound...]
        let chapter = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        let paths = chapter.split(separator: "`").filter { $0.hasPrefix("Sources/") }.map(String.init)
        #expect(paths.count >= 12)
        for path in paths {
            #expect(FileManager.default.fileExists(atPath: Program.repository + "/" + path), "\(path)")
        }
    }

    @Test func everyLinkLeadsToAFile() throws {
        let text = try readme()
        for part in text.components(separatedBy: "](").dropFirst() {
            let target = part.prefix { $0 != ")" }
            guard !target.hasPrefix("http"), !target.hasPrefix("#") else { continue }
            #expect(FileManager.default.fileExists(atPath: Program.repository + "/" + target), "\(target)")
        }
    }

    @Test func itShowsTheTwoCommandsAndTheyAreThere() throws {
        let text = try readme()
        for script in ["scripts/demo", "scripts/test"] {
            #expect(text.contains("    \(script)"))
            #expect(FileManager.default.isExecutableFile(atPath: Program.repository + "/" + script))
        }
        #expect(!text.contains("@"), "a place is still to be filled")
    }
}
