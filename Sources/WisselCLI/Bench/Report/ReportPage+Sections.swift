import Foundation

/// What every benchmark's page ends with.
extension ReportPage.Section {
    /// - Parameters:
    ///   - method: sentences that hold for every run.
    ///   - conditions: what held for this one.
    static func method(_ method: String, conditions: [String]) -> Self {
        Self(title: "How it was measured", text: [method, "Here: " + conditions.joined(separator: "; ") + "."])
    }

    static func machine(_ host: HostFingerprint) -> Self {
        Self(
            title: "The machine",
            tables: [Table(head: ["", ""], rows: host.lines.map { [$0.name, $0.value] }, wordColumns: 2)])
    }

    /// - Parameters:
    ///   - figures: by their names in the JSON.
    ///   - tables: what of the JSON is more than one figure.
    static func all(_ figures: [String: Double], after tables: [Table] = []) -> Self {
        let rows = figures.sorted { $0.key < $1.key }.map { [$0.key, figureText($0.value)] }
        return Self(
            title: "All figures", text: ["By their names in the JSON (--json)."],
            tables: tables + [Table(head: ["figure", "value"], rows: rows)])
    }
}

extension ReportPage {
    /// The time of writing, as people read it.
    static var now: String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_GB")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "d MMMM yyyy, HH:mm 'UTC'"
        return format.string(from: Date())
    }
}
