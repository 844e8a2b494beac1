import Ethdev
import Foundation
import LoadClient
import NetStack
import Node
import Runtime
import TestSupport

/// A whole node on a TAP device, its cores running, in the calling thread's network namespace: what is between a client's
/// socket and the journal is all there.
final class NodeOnTap {
    let port: EthdevPort
    let node: TradingNode
    private let configuration: NodeConfiguration
    private let folder: TemporaryFolder

    init(interface: String, port settings: PortConfiguration) throws {
        folder = try TemporaryFolder()
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
        configuration.journal.directory = folder.path
        configuration.journal.segmentMegabytes = 4
        self.configuration = configuration
        let plan = CorePlan.automatic(networkStages: settings.queuePairs)
        port = try EthdevPort(.tap(interface), configuration: settings)
        try port.start()
        try TapAddress(interface: interface, address: 0xC612_0001, prefixLength: 24).apply()
        node = try TradingNode(
            configuration: configuration, plan: plan, queues: port.devices.map { .init(device: $0, interface: 0) },
            clock: try Clock.calibrated())
        try node.start(hooks: .init(onStart: { try EAL.registerThread() }, onStop: { EAL.unregisterThread() }))
    }

    /// What was trading and is over: stops the node, closes the port.
    /// - Returns: buffers that somebody still holds.
    func end() throws -> Int {
        try node.stop()
        return port.close()
    }

    /// Runs a session of participant 1 (1…4) over kernel sockets, from a port of the system's choice.
    func trade(session: UInt32, orders: UInt64, window: Int = 8) throws -> LoadReport {
        let participant = configuration.orderEntry.participants[0]
        var options = LoadOptions(
            node: try SocketAddress("198.18.0.2", port: configuration.orderEntry.port),
            local: try SocketAddress("198.18.0.1", port: 0), session: session, participant: participant.id,
            accessKey: participant.accessKey.filter { $0 != 0 })
        options.orders = orders
        options.pace = .closedLoop(window: window)
        options.idle = .sleep
        options.seed = UInt64(session)
        options.cancelsOnDisconnect = true
        options.drainTimeoutNanoseconds = 20_000_000_000
        options.establishTimeoutNanoseconds = 20_000_000_000
        return try LoadRun(options: options).run()
    }

    /// Sends datagrams that are no messages to the order port, from one port each.
    func sendGarbage(_ count: Int) throws {
        let socket = try UDPSocket(
            local: SocketAddress("198.18.0.1", port: 0), remote: SocketAddress("198.18.0.2", port: 9_000))
        for _ in 0..<count { _ = try [UInt8](repeating: 0xEE, count: 64).withUnsafeBytes { try socket.send($0) } }
    }
}
