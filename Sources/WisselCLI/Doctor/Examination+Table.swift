import Foundation

extension Examination {
    /// A block per area: a line per finding, and under it what to do. `width` columns, 0 for lines as long as they are.
    func table(width: Int, isColoured: Bool) -> String {
        let names = checks.map(\.id.count).max() ?? 0
        var lines: [String] = []
        var area = ""
        for finding in checks {
            if finding.area != area {
                if !area.isEmpty { lines.append("") }
                area = finding.area
                lines.append(area)
            }
            let name = finding.id.padding(toLength: names, withPad: " ", startingAt: 0)
            let mark = Self.mark(finding.verdict, isColoured: isColoured)
            let indent = 2 + 4 + 2 + names + 2
            let text = Self.wrapped(finding.found, width: width, indent: indent)
            lines.append("  \(mark)  \(name)  \(text)")
            guard !finding.remedy.isEmpty else { continue }
            let blank = String(repeating: " ", count: indent)
            // In one piece, so that it can be pasted.
            lines.append("\(blank)\(finding.remedy)")
        }
        return (lines + ["", summary]).joined(separator: "\n")
    }

    var summary: String {
        "\(passed) passed, \(warned) could be better, \(failed) must be put right"
    }

    /// For whoever starts a node: one line.
    func startLine(configuration path: String) -> String {
        if warned + failed == 0 { return "doctor:   all \(passed) checks passed" }
        let wrong = failed == 0 ? "" : ", \(failed) must be put right"
        return "doctor:   \(passed) passed, \(warned) could be better\(wrong): wissel doctor --config \(path) shows it"
    }

    /// Warnings about the core plan itself, which its author rather than the machine's owner can do something about: each
    /// is told at the start.
    var planWarnings: [String] {
        let ids = ["nic-numa", "core-occupied", "cpu-zero", "smt-sibling"]
        return checks.filter { $0.verdict == .warn && ids.contains($0.id) }.map {
            "          warning, \($0.id) (\($0.area)): \($0.found)"
        }
    }

    /// What keeps a node from starting: a block per finding, the remedy in a line of its own.
    var refusal: String {
        let rows = checks.filter { $0.verdict == .fail }.map { finding in
            "FAIL \(finding.id) (\(finding.area)): \(finding.found)\n     \(finding.remedy)"
        }
        return (["error: the machine is not as the configuration needs it"] + rows).joined(separator: "\n")
    }

    private static func mark(_ verdict: Finding.Verdict, isColoured: Bool) -> String {
        let (text, colour) =
            switch verdict {
            case .pass: ("PASS", 32)
            case .warn: ("WARN", 33)
            case .fail: ("FAIL", 31)
            }
        return isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
    }

    /// Breaks at blanks; what follows the first line is indented.
    private static func wrapped(_ text: String, width: Int, indent: Int) -> String {
        guard width > indent + 20 else { return text }
        var lines = [""]
        for word in text.split(separator: " ") {
            if !lines[lines.count - 1].isEmpty, lines[lines.count - 1].count + 1 + word.count > width - indent {
                lines.append("")
            }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
