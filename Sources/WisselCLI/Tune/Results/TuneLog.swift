import Foundation

/// What a tuning has measured so far, as the text of its file: a line of JSON that says under which circumstances, then one
/// for each measurement as it ends. Pure; `TuneFile` reads and writes.
package struct TuneLog: Equatable {
    /// What must be the same for measurements to be comparable.
    package struct Circumstances: Codable, Equatable, Sendable {
        package var machine: String
        package var configuration: String
        package var program: String
        package var options: String
        /// The plans that are tried.
        package var plans: String

        package init(machine: String, configuration: String, program: String, options: String, plans: String) {
            self.machine = machine
            self.configuration = configuration
            self.program = program
            self.options = options
            self.plans = plans
        }

        /// What is different, in words; nil when nothing is.
        package func difference(from other: Circumstances) -> String? {
            if machine != other.machine { return "the machine is another, or set up otherwise" }
            if configuration != other.configuration { return "the configuration has changed" }
            if program != other.program { return "the program is another build" }
            if options != other.options { return "the options were others" }
            return plans == other.plans ? nil : "the plans to try are others"
        }
    }

    /// One plan in one round.
    package struct Entry: Codable, Equatable, Sendable {
        package var round: Int
        package var plan: String
        /// Nil: it failed.
        package var figures: TuneFigures?
        package var failure: String?

        package init(round: Int, plan: String, figures: TuneFigures?, failure: String? = nil) {
            self.round = round
            self.plan = plan
            self.figures = figures
            self.failure = failure
        }
    }

    package private(set) var circumstances: Circumstances?
    package private(set) var entries: [Entry] = []
    /// Bytes at the beginning that are whole lines of their kind; what follows was cut off while it was written.
    package private(set) var wholeByteCount = 0
    /// Lines before the last that cannot be read; they are passed over.
    package private(set) var unreadableLines = 0
    /// Whether the last line was cut off.
    package private(set) var isCutOff = false

    package init(_ data: Data) {
        let decoder = JSONDecoder()
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let isLast = index == lines.count - 1
            if isLast, line.isEmpty { break }
            // The line without its end may look whole and still be half a number.
            if isLast {
                isCutOff = true
                break
            }
            if let entry = try? decoder.decode(Entry.self, from: Data(line)) {
                entries.append(entry)
            } else if index == 0, let found = try? decoder.decode(Circumstances.self, from: Data(line)) {
                circumstances = found
            } else {
                unreadableLines += 1
                // The last line that ends can be half of one all the same, when blocks of the disk were lost.
                if index == lines.count - 2 {
                    isCutOff = true
                    unreadableLines -= 1
                    break
                }
            }
            wholeByteCount += line.count + 1
        }
    }

    /// The line of a value in the file.
    package static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    /// The measurements still to be made: all plans of a round before the next, in turn from the front and from the back,
    /// so that a machine that gets slower or warmer with time is even to all.
    package func missing(rounds: Int, plans: [String]) -> [(round: Int, plan: String)] {
        let done = Set(entries.map { "\($0.round) \($0.plan)" })
        return (0..<rounds).flatMap { index -> [(round: Int, plan: String)] in
            let order = index.isMultiple(of: 2) ? plans : plans.reversed()
            return order.map { (index + 1, $0) }
        }.filter { !done.contains("\($0.round) \($0.plan)") }
    }
}

/// The figures of one measurement, as they are kept and ranked.
package struct TuneFigures: Codable, Equatable, Sendable {
    package var ordersPerSecond: Double
    package var packetsPerSecond: Double
    package var p50: Double
    package var p99: Double

    package init(ordersPerSecond: Double, packetsPerSecond: Double, p50: Double, p99: Double) {
        self.ordersPerSecond = ordersPerSecond
        self.packetsPerSecond = packetsPerSecond
        self.p50 = p50
        self.p99 = p99
    }
}
