import Foundation
import TestSupport
import Testing

/// What a benchmark wrote, and what every one of them must write.
struct BenchReport: Decodable {
    struct Line: Decodable {
        var name: String
        var value: String
    }
    let conditions: [String]
    let warnings: [String]
    let figures: [String: Double]
    /// Of the packet benchmark alone.
    let burstHistograms: [String: [UInt64]]?
    let host: [Line]
    private(set) var page = ""

    private enum CodingKeys: CodingKey {
        case conditions, warnings, figures, burstHistograms, host
    }

    /// Runs `wissel bench` with JSON and page to files.
    init(_ arguments: [String], limitSeconds: Int) throws {
        let folder = try TemporaryFolder()
        let result = try Program.run(
            command: Program.path,
            ["bench"] + arguments
                + ["--json", folder.path + "/figures.json", "--report", folder.path + "/report.html"],
            limitSeconds: limitSeconds)
        #expect(result.status == 0, "\(result.error)")
        self = try JSONDecoder().decode(Self.self, from: Data(folder.text("figures.json").utf8))
        page = folder.text("report.html")
    }

    func figure(_ name: String) throws -> Double { try #require(figures[name], "\(name) is missing") }

    /// The texts of all table cells, as a reader sees them.
    var cells: Set<String> {
        Set(
            page.components(separatedBy: "<td").dropFirst().compactMap { part in
                part.firstIndex(of: ">").flatMap {
                    part[part.index(after: $0)...].components(separatedBy: "</td>").first
                }
            })
    }

    /// The page stands alone, is well-formed, and holds all that the JSON holds.
    func expectWhole() throws {
        #expect(try XMLCheck.problem(page) == nil)
        for foreign in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            #expect(!page.contains(foreign), "the page is not self-contained: \(foreign)")
        }
        let cells = cells
        let values = Set(cells.compactMap(Double.init))
        for (key, value) in figures {
            #expect(cells.contains(key), "\(key) is missing")
            #expect(values.contains(value), "\(key) = \(value) is missing")
        }
        for (key, polls) in burstHistograms ?? [:] {
            #expect(cells.contains(key))
            for (packets, count) in polls.enumerated() where count > 0 {
                #expect(page.contains("\(packets): \(count)"))
            }
        }
        for line in host { #expect(cells.contains(line.name) && !line.value.isEmpty, "\(line.name)") }
        for name in ["CPU", "governor", "isolated CPUs", "huge pages", "NUMA nodes", "kernel", "DPDK", "compiler"] {
            #expect(host.contains { $0.name == name }, "\(name)")
        }
        for text in conditions + warnings { #expect(page.contains(XMLCheck.escaped(text)), "\(text)") }
    }
}

/// Whether a text is well-formed XML, asked of Python's parser.
enum XMLCheck {
    /// Nil when it is, else what the parser says.
    static func problem(_ text: String) throws -> String? {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "page.xml")
        let result = try Program.run(
            command: "/usr/bin/python3",
            ["-c", "import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])", path])
        return result.status == 0 ? nil : result.error
    }

    /// A text as it stands in XML.
    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }
}
