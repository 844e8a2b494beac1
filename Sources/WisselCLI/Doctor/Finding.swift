/// One thing the doctor looked at.
struct Finding: Equatable, Sendable, Encodable {
    enum Verdict: String, Sendable, Encodable {
        case ok
        /// The node runs, and not as well as it could.
        case warn
        /// The node does not start, or does not do what the configuration says.
        case fail
    }

    /// What it belongs to: `machine`, or a device of the configuration.
    var area: String
    /// What was looked at, in two or three words.
    var subject: String
    var verdict: Verdict
    /// What was found; for `warn` and `fail` the cause.
    var found: String
    /// What to do; empty when nothing is to be done.
    var remedy: String

    static func ok(_ area: String, _ subject: String, _ found: String) -> Finding {
        Finding(area: area, subject: subject, verdict: .ok, found: found, remedy: "")
    }

    static func warn(_ area: String, _ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(area: area, subject: subject, verdict: .warn, found: found, remedy: remedy)
    }

    static func fail(_ area: String, _ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(area: area, subject: subject, verdict: .fail, found: found, remedy: remedy)
    }
}
