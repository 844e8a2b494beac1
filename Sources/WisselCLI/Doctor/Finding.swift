/// One thing the doctor looked at.
struct Finding: Equatable, Sendable, Encodable {
    enum Verdict: String, Sendable, Encodable {
        case pass
        /// The node runs, and not as well as it could.
        case warn
        /// The node does not start, or does not do what the configuration says.
        case fail
    }

    /// The check's name, which stays the same from release to release; see the table in README.md beside this file.
    var id: String
    /// What it belongs to: a part of the machine, or a device of the configuration.
    var area: String
    var verdict: Verdict
    /// What was found; for `warn` and `fail` the cause.
    var found: String
    /// What to paste into a shell, or a sentence where no command helps; empty when nothing is to be done.
    var remedy: String
}

/// What a check says about one thing, before it is known which check it was.
struct Outcome: Sendable {
    var verdict: Finding.Verdict
    var found: String
    var remedy = ""
    /// The device it is about; nil for the check's own area.
    var device: String?

    static func pass(_ found: String) -> Outcome { Outcome(verdict: .pass, found: found) }

    static func warn(_ found: String, remedy: String) -> Outcome {
        Outcome(verdict: .warn, found: found, remedy: remedy)
    }

    static func fail(_ found: String, remedy: String) -> Outcome {
        Outcome(verdict: .fail, found: found, remedy: remedy)
    }

    func on(_ device: String) -> Outcome {
        var copy = self
        copy.device = device
        return copy
    }

    func finding(id: String, area: String) -> Finding {
        Finding(id: id, area: device ?? area, verdict: verdict, found: found, remedy: remedy)
    }
}
