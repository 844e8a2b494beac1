import ArgumentParser
import Foundation
import Node
import Runtime

/// `wissel run`: the node, until it is told to stop.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a node from a configuration file until SIGINT or SIGTERM.",
        discussion: """
            Brings up DPDK, answers ARP and ICMP echo, takes orders on the order-entry port and market data on the feeds, \
            and journals every command. On a signal it stops in order: what was taken is on the disk and answered.

            example: wissel run --print-config > node.yaml && wissel run --config node.yaml
            """)

    @Option(name: .shortAndLong, help: "The configuration file.") var config: String?
    @Flag(help: "Print a commented configuration to start from, and leave.") var printConfig = false
    @Flag(help: "Check the configuration, and leave.") var check = false
    @Flag(help: "Run in a network namespace of its own (needs root): nothing reaches or leaves the machine's networks.")
    var isolated = false
    @Option(help: "Stop after so many seconds.") var seconds: Double?
    @Option(help: "Print the statistics as JSON to this file at the end, - for standard output.") var json: String?
    @Flag(name: .shortAndLong, help: "No live line.") var quiet = false

    func run() throws {
        if printConfig {
            print(NodeConfiguration.example)
            return
        }
        guard let config else {
            throw ValidationError("give a configuration with --config FILE; --print-config prints one to start from")
        }
        try failing {
            let configuration = try NodeConfiguration(path: config)
            if check {
                print("\(config): right; \(configuration.summary)")
                return
            }
            if isolated { try NetworkNamespace.enter() }
            let stop = StopSignal()
            let host = try NodeHost(configuration: configuration)
            defer { host.close() }
            for line in host.startLines { narrate(line, json: json) }
            try host.start()
            narrate("ready", json: json)
            let clock = host.clock
            let end = seconds.map { clock.now() &+ UInt64(max($0, 0) * 1e9) }
            var live = LiveLine(isOn: !quiet && isTerminal(STDOUT_FILENO) && json != "-")
            while !stop.isRequested, end.map({ clock.now() < $0 }) ?? true {
                usleep(100_000)
                live.show(host.node.statistics, now: clock.now())
            }
            live.finish()
            try host.stop()
            let statistics = host.node.statistics
            let loss = host.close()
            narrate(statistics.table(), json: json)
            narrate(loss.text, json: json)
            narrate("state \(hexadecimal(host.node.stateHash())) at sequence \(host.node.sequence)", json: json)
            if let json { try write(statistics.json(loss: loss, clock: host.discipline.status), to: json) }
        }
    }
}
