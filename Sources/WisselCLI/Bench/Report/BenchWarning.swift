/// What a reader must know of some figures, with the remedy.
struct BenchWarning: Sendable {
    /// Which figures.
    var subject: String
    /// Cause and remedy, the same for all of its kind.
    var text: String

    /// One line for each cause, with all it concerns.
    static func lines(_ warnings: [BenchWarning]) -> [String] {
        var texts: [String] = []
        for warning in warnings where !texts.contains(warning.text) { texts.append(warning.text) }
        return texts.map { text in
            let subjects = warnings.filter { $0.text == text }.map(\.subject)
            let others = subjects.count > 4 ? " and \(subjects.count - 3) more" : ""
            let named = subjects.prefix(subjects.count > 4 ? 3 : 4).joined(separator: "; ")
            return "\(named)\(others): \(text)"
        }
    }
}
