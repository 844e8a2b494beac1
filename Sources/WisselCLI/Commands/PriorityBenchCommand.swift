import ArgumentParser
import Runtime

/// `wissel bench priority`: what a flood costs an order.
struct PriorityBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "priority",
        abstract: "Order latency and loss while market data, or an attack, overloads the node; priority on and off.",
        discussion: """
            A whole node (network, engine, market data, journal) on a wire in memory, which posts and fills buffers as \
            two NICs do, and on another CPU a client and whoever floods. First it is measured how much market data the \
            node can take. Then, in turn: orders alone; orders with market data at twice that rate; the same with the priority lanes off; orders \
            with an attack of spoofed sources, fragments, amplification and wrong checksums; the same with the lanes off.

            Lost are commands that did not reach the session, whether refused by the full queue or dropped inside; \
            the client's session sends them again.

            example: wissel bench priority --seconds 2 --report priority.html --json priority.json
            """)

    @Option(help: "Rounds of all phases, odd, at least 5.") var repetitions = 5
    @Option(help: "Seconds of a phase, 0.2…60.") var seconds = 1.0
    @Option(help: "What is offered, as a multiple of what the node takes, 0.1…20.") var overload = 2.0
    @OptionGroup var output: BenchOutput

    func validate() throws {
        guard repetitions >= 5, !repetitions.isMultiple(of: 2) else {
            throw ValidationError("--repetitions takes an odd number from 5 on, so that there is a median")
        }
        guard seconds >= 0.2, seconds <= 60 else { throw ValidationError("--seconds takes 0.2 to 60") }
        guard overload >= 0.1, overload <= 20 else { throw ValidationError("--overload takes 0.1 to 20") }
    }

    func run() throws {
        try failing {
            var options = PriorityBenchmark.Options()
            options.repetitions = repetitions
            options.seconds = seconds
            options.overload = overload
            try output.prepare()
            let benchmark = try PriorityBenchmark(options)
            let result = try benchmark.run { narrate($0, json: output.json) }
            let host = HostFingerprint(cpu: benchmark.cpus.node[0], clock: try Clock.calibrated())
            try output.write(PriorityBenchmarkReport(result, host: host))
        }
    }
}
