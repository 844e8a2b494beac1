import Ethdev

/// The control thread's eye on the ports while the node runs: tells links that come and go, and connects those again
/// whose driver looks for its peer only when it starts.
struct PortWatch {
    /// Between two attempts to connect again, nanoseconds.
    private static let retryNanoseconds: UInt64 = 1_000_000_000

    private let ports: [EthdevPort]
    private var links: LinkMonitor
    private var nextAttemptNanoseconds: [UInt64]
    private var restarts: [UInt64]
    private var failedRestarts: [UInt64]

    init(_ ports: [EthdevPort]) {
        self.ports = ports
        links = LinkMonitor(ports)
        nextAttemptNanoseconds = [UInt64](repeating: 0, count: ports.count)
        restarts = nextAttemptNanoseconds
        failedRestarts = nextAttemptNanoseconds
    }

    /// One look.
    /// - Returns: what a person should know, one line each.
    mutating func poll(now: UInt64) -> [String] {
        var lines = links.poll().map { change in
            let port = ports[change.port]
            return change.status.isUp
                ? "link:     \(port.specification) is up again (\(links.returns[change.port])×)"
                : "link:     \(port.specification) is down (\(links.losses[change.port])×); the node goes on"
        }
        for index in ports.indices where ports[index].specification.connectsAtStart && !links.status[index].isUp {
            guard now >= nextAttemptNanoseconds[index] else { continue }
            nextAttemptNanoseconds[index] = now &+ Self.retryNanoseconds
            // The peer is usually not there yet; the counter says how often.
            if restart(index) == nil { lines += poll(now: now) }
        }
        return lines
    }

    /// Stops and starts every port, as an operator asks for.
    mutating func restartAll() -> [String] {
        ports.indices.map { index in
            let name = "\(ports[index].specification)"
            if let error = restart(index) { return "restart:  \(error)" }
            guard let loss = ports[index].steeringLoss, ports[index].steering == nil else {
                return "restart:  \(name) was stopped and started"
            }
            return "restart:  \(name) was stopped and started; orders by the software classifier now: \(loss.cause)"
        }
    }

    private mutating func restart(_ index: Int) -> EthdevError? {
        do throws(EthdevError) {
            try ports[index].restart()
            restarts[index] += 1
            return nil
        } catch {
            failedRestarts[index] += 1
            return error
        }
    }

    var reports: [PortReport] {
        ports.indices.map { index in
            PortReport(
                device: "\(ports[index].specification)", isUp: links.status[index].isUp,
                linkLosses: links.losses[index], linkReturns: links.returns[index], restarts: restarts[index],
                failedRestarts: failedRestarts[index], statistics: ports[index].statistics())
        }
    }
}
