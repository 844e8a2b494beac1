import ArgumentParser
import CPlatform
import Runtime

/// `wissel bench risk`: what the pre-trade gate adds to an order.
struct RiskBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk",
        abstract: "Nanoseconds that the pre-trade risk gate takes of an order, with every check on.",
        discussion: """
            Orders of accounts and in instruments drawn at random, every limit of every scope set and none met: single \
            checks by percentile, and everything the gate does for an order together.

            example: wissel bench risk --json risk.json
            """)

    @Option(help: "Accounts, 100…100,000.") var accounts = 10_000
    @Option(help: "Instruments, 1…10,000.") var instruments = 1_000
    @Option(help: "Orders of a round, 1,000…10,000,000; the first half fills the tables.") var orders = 1_000_000
    @Option(help: "Orders looked up ahead of the one checked, 0…64.") var lookAhead = 8
    @Option(help: "Rounds, odd: single ones and those all together by turns.") var repetitions = 5
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?

    func validate() throws {
        func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw ValidationError("--\(name) takes \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try check("accounts", accounts, 100...100_000)
        try check("instruments", instruments, 1...10_000)
        try check("orders", orders, 1_000...10_000_000)
        try check("look-ahead", lookAhead, 0...64)
        guard repetitions >= 3, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number from 3")
        }
    }

    func run() throws {
        try failing {
            if let json, json != "-" { try write("", to: json) }
            let clock = try Clock.calibrated()
            var options = RiskBenchmark.Options()
            options.accounts = accounts
            options.instruments = instruments
            options.orders = orders
            options.lookAhead = lookAhead
            options.repetitions = repetitions
            let cpu = AvailableCPUs.current().numbers.last ?? 0
            let code = cplatform_pin_self(Int32(cpu))
            guard code == 0 else {
                throw PacketBenchmark.Failure(
                    description: "CPU \(cpu) was refused: \(errorText(code)); allow it to this process with taskset")
            }
            let result = RiskBenchmark(options).run { narrate($0, json: json) }
            let report = RiskBenchmarkReport(
                result: result, options: options, nanosecondsPerTick: 1e9 / Double(clock.tscHertz),
                host: HostFingerprint(cpu: cpu, clock: clock))
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }
}
