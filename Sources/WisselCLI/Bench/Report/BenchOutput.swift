import ArgumentParser

/// Where the figures of a benchmark go, beside the table on the terminal.
struct BenchOutput: ParsableArguments {
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?
    @Option(help: "Write the report as one HTML page to this file.") var report: String?

    func validate() throws {
        if report == "-" { throw ValidationError("--report takes a file name, such as report.html") }
    }

    /// Before minutes of measuring: what cannot be written is known now.
    func prepare() throws {
        for path in [json, report].compactMap({ $0 }) where path != "-" { try WisselCLI.write("", to: path) }
    }

    func write(_ result: some BenchReport) throws {
        if let json { try WisselCLI.write(try result.json(), to: json) }
        if let report { try WisselCLI.write(result.html(), to: report) }
        if json != "-" { print(result.table) }
        if let report { narrate("report: \(report)", json: json) }
    }
}

/// What a benchmark found, in every form it is asked for.
protocol BenchReport {
    /// For whoever is at the terminal.
    var table: String { get }
    /// For machines.
    func json() throws -> String
    /// The page that is sent to a colleague.
    func html() -> String
}

/// The JSON of a benchmark that is figures and what they were measured under.
func figuresJSON(
    _ figures: [String: Double], conditions: [String], warnings: [String], host: HostFingerprint
) throws -> String {
    struct Whole: Encodable {
        var conditions: [String]
        var warnings: [String]
        var figures: [String: Double]
        var host: [HostFingerprint.Line]
    }
    return try prettyJSON(Whole(conditions: conditions, warnings: warnings, figures: figures, host: host.lines))
}
