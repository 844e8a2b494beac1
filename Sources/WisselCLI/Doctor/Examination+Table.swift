import Foundation

extension Examination {
    /// A block per area: a line per finding, and under it what to do. `width` columns, 0 for lines as long as they are.
    func table(width: Int, isColoured: Bool) -> String {
        let subjects = findings.map(\.subject.count).max() ?? 0
        var lines: [String] = []
        var area = ""
        for finding in findings {
            if finding.area != area {
                if !area.isEmpty { lines.append("") }
                area = finding.area
                lines.append(area)
            }
            let subject = finding.subject.padding(toLength: subjects, withPad: " ", startingAt: 0)
            let mark = Self.mark(finding.verdict, isColoured: isColoured)
            let indent = 2 + 4 + 2 + subjects + 2
            let text = Self.wrapped(finding.found, width: width, indent: indent)
            lines.append("  \(mark)  \(subject)  \(text)")
            guard !finding.remedy.isEmpty else { continue }
            let blank = String(repeating: " ", count: indent)
            lines.append("\(blank)→ \(Self.wrapped(finding.remedy, width: width, indent: indent + 2))")
        }
        return (lines + ["", summary]).joined(separator: "\n")
    }

    var summary: String {
        let well = findings.count - failed - warned
        return "\(well) well, \(warned) could be better, \(failed) must be put right"
    }

    private static func mark(_ verdict: Finding.Verdict, isColoured: Bool) -> String {
        let (text, colour) =
            switch verdict {
            case .ok: ("ok  ", 32)
            case .warn: ("warn", 33)
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
