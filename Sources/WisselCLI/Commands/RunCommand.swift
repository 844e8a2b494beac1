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
            and journals every command. On SIGINT or SIGTERM it stops in order: what was taken is on the disk and answered. \
            On SIGHUP it reads the section `filter` of its configuration again and puts it into force while packets flow; \
            the other sections take a restart. On SIGUSR1 it stops and starts its ports and goes on. Under systemd \
            (Type=notify) it says when it is ready, and is alive as long as each of its cores polls.

            Before it opens anything it looks at the machine as `wissel doctor` does, and leaves with 78 when it could not \
            do what the configuration says.

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
    @Flag(help: "Start although `wissel doctor` finds what keeps the node from doing what its configuration says.")
    var ignoreDoctor = false

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
            var service = ServiceReport()
            if isolated { try NetworkNamespace.enter() }
            try examine(configuration, config)
            let stop = SignalFlag.stop()
            let portRestart = SignalFlag([SIGUSR1])
            let reload = SignalFlag([SIGHUP])
            let hasTerminal = isTerminal(STDIN_FILENO)
            let host = try NodeHost(configuration: configuration)
            defer { host.close() }
            for line in host.startLines { narrate(line, json: json) }
            try host.start()
            narrate("ready", json: json)
            service.ready()
            let clock = host.clock
            let end = seconds.map { clock.now() &+ UInt64(max($0, 0) * 1e9) }
            var live = LiveLine(isOn: !quiet && isTerminal(STDOUT_FILENO) && json != "-")
            var conflicts = ConflictWatch()
            while !stop.isRaised, end.map({ clock.now() < $0 }) ?? true {
                usleep(100_000)
                let news = host.watchPorts() + (portRestart.take() ? host.restartPorts() : [])
                if !news.isEmpty { live.finish() }
                for line in news { narrate(line, json: json) }
                if let line = conflicts.line(host.node.statistics) { narrate(line, json: json) }
                if let line = service.beat(host.node.statistics, now: clock.now()) { narrate(line, json: json) }
                if reload.take() {
                    // The other thing SIGHUP means: the terminal has gone.
                    if hasTerminal, !isTerminal(STDIN_FILENO) { break }
                    live.finish()
                    service.reloading()
                    reloadFilter(of: host.node, from: config)
                    service.ready()
                }
                live.show(host.node.statistics, now: clock.now())
            }
            live.finish()
            service.stopping()
            try host.stop()
            let statistics = host.node.statistics
            let ports = host.portReports
            let loss = host.close()
            narrate(statistics.table(ports: ports), json: json)
            narrate(loss.text, json: json)
            narrate("state \(hexadecimal(host.node.stateHash())) at sequence \(host.node.sequence)", json: json)
            if let json {
                try write(statistics.json(ports: ports, loss: loss, clock: host.discipline.status), to: json)
            }
        }
    }

    /// Looks at the machine before anything is opened.
    /// - Throws: exit code 78 when something keeps the node from doing what its configuration says.
    private func examine(_ configuration: NodeConfiguration, _ path: String) throws {
        let examination = try Examination(machine: "/", configuration: configuration)
        if examination.failed > 0 {
            standardError(examination.refusal)
            if !ignoreDoctor {
                standardError("nothing was opened. `wissel run --ignore-doctor` starts all the same")
                throw ExitCode(78)
            }
            standardError("--ignore-doctor: starting all the same")
        }
        narrate(examination.startLine(configuration: path), json: json)
        for line in examination.planWarnings { narrate(line, json: json) }
    }

    /// Puts the filter rules of the file into force and says what is different; a file that is wrong changes nothing.
    private func reloadFilter(of node: TradingNode, from file: String) {
        do {
            let rules = try NodeConfiguration(path: file).filter
            let changes = rules.changes(from: node.filterRules)
            try node.setFilter(rules)
            for line in changes.isEmpty ? ["as before"] : changes { narrate("filter:   \(line)", json: json) }
        } catch {
            standardError("filter:   refused, the rules before stay in force: \(error)")
        }
    }
}
