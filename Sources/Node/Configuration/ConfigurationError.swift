/// Everything that is wrong with a configuration file, each with its place and what to write instead.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable {
    /// One thing that is wrong.
    public struct Issue: Sendable, Equatable {
        /// Line in the file, from 1; 0 when the file as a whole is meant.
        public var line: Int
        /// Path of the key, such as `interfaces[0].address`.
        public var key: String
        /// What stands there, or "nothing".
        public var found: String
        /// What was expected.
        public var expected: String
        /// A line that would be right.
        public var write: String
    }

    public var file: String
    public var issues: [Issue]

    public var description: String {
        let lines = issues.map { issue in
            let place = issue.line > 0 ? "\(file):\(issue.line)" : file
            return "\(place): \(issue.key): found \(issue.found); expected \(issue.expected). Write: \(issue.write)"
        }
        return lines.joined(separator: "\n")
    }
}
