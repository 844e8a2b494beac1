import ArgumentParser

/// `wissel bench filter`: what parser, classifier and edge filter do with traffic and with attacks.
struct FilterBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: "Packets per second through parser, classifier and edge filter, under traffic and attacks.",
        discussion: """
            Whole frames with right checksums in memory, no NIC, one thread: each is parsed, classified and judged as a \
            network stage does it. In every attack one frame in 100 is order traffic of sources with a session, of which \
            nothing may be lost (granted_loss). Drops are told by reason and add up with what passed, or the run fails.

            sources        more than 100,000 senders, 1,024 of them with a session, all within their rates
            spoofed        random source addresses on the order port, every address allowed to send orders
            amplification  answers of DNS, NTP, memcached and others, from random addresses
            acl            1,000 access rules; every attacker is refused by one of them
            fragments      IPv4 fragments
            checksums      wrong UDP checksums

            example: wissel bench filter --repetitions 9 --json filter.json
            """)

    @Option(name: .customLong("scenario"), help: "May be given more than once. Default: all.")
    var scenarios: [FilterScenario] = []
    @Option(help: "Repetitions of each scenario, odd, at least 5.") var repetitions = 5
    @Option(help: "Seconds of a repetition, 0.01…60.") var seconds = 0.5
    @Option(help: "Write the figures as JSON to this file, - for standard output.") var json: String?

    func validate() throws {
        guard repetitions >= 5, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number from 5 on, so that there is a median")
        }
        guard seconds >= 0.01, seconds <= 60 else { throw ValidationError("--seconds takes 0.01 to 60") }
    }

    func run() throws {
        try failing {
            let wanted = scenarios.isEmpty ? FilterScenario.allCases : scenarios
            let report = try FilterBenchmark.run(wanted, repetitions: repetitions, seconds: seconds) {
                run, repetition in
                narrate(
                    "\(repetition)/\(repetitions) \(run.scenario): "
                        + megapackets(run.rates.last ?? 0), json: json)
            }
            if let json { try write(try report.json(), to: json) }
            if json != "-" { print(report.table) }
        }
    }
}

extension FilterScenario: ExpressibleByArgument {}
