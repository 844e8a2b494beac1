import Ethdev
import Foundation
import LoadClient
import NetStack
import Node
import Runtime
import Testing
import Wire

extension EnvironmentTests {
    /// Faults of a device under a running node: it goes on, counts, and recovers.
    @Suite(.enabled(if: isRoot && hasTun && hasIproute, "needs root, /dev/net/tun and iproute2"))
    struct NodeFaultTests {
        init() throws { try EnvironmentTests.startEAL() }

        private var settings: PortConfiguration {
            PortConfiguration(
                receiveDescriptors: 256, transmitDescriptors: 256, mbufCount: 4_095, mbufCacheSize: 0,
                allMulticast: true, transmitsOnlyOwnBuffers: true)
        }

        struct Outcome {
            var reports: [LoadReport] = []
            var held = -1
            var statistics: NodeStatistics?
            var notes: [String: UInt64] = [:]
        }

        /// Runs `body` with a node in a namespace of its own; what it leaves is judged outside.
        private func withNode(
            _ name: String, _ settings: PortConfiguration, _ body: @escaping (NodeOnTap, inout Outcome) throws -> Void
        ) throws -> Outcome {
            let result = try inNetworkNamespace { () throws -> Outcome in
                var outcome = Outcome()
                let node = try NodeOnTap(interface: name, port: settings)
                let failure = Result { try body(node, &outcome) }
                outcome.statistics = node.node.statistics
                outcome.held = try node.end()
                try failure.get()
                return outcome
            }
            guard let result else { try Test.cancel("the kernel gives no network namespace") }
            return result
        }

        private func expectAllAnswered(_ reports: [LoadReport], _ orders: UInt64) {
            for report in reports {
                #expect(report.answers.acknowledged == orders && report.violations.isEmpty, "\(report.violations)")
            }
        }

        @Test func `sessions on several queues are all answered`() throws {
            var settings = settings
            settings.queuePairs = 4
            let outcome = try withNode("wisselnode4", settings) { node, outcome in
                // The kernel's hash is seeded anew at every boot: which port leads to which queue is its secret.
                for run in 0..<32 {
                    outcome.reports.append(try node.trade(session: UInt32(run % 4 + 1), orders: 100))
                    let busy = node.node.statistics.networks.count { $0[.orderDatagrams] > 0 }
                    if run >= 3, busy > 1 { break }
                }
            }
            expectAllAnswered(outcome.reports, 100)
            let networks = try #require(outcome.statistics?.networks)
            #expect(networks.count == 4)
            #expect(networks.count { $0[.orderDatagrams] > 0 } > 1, "all sessions came by one queue")
            #expect(networks.reduce(0) { $0 + $1[.messagesReceived] } >= 400)
            #expect(outcome.held == 0)
        }

        @Test func `an empty pool drops and counts, and when buffers are back so is the node`() throws {
            let outcome = try withNode("wisselnode0", settings) { node, outcome in
                outcome.reports.append(try node.trade(session: 1, orders: 200))
                usleep(100_000)
                outcome.notes["freeBefore"] = UInt64(node.port.availableBuffers)
                let device = node.port.devices[0]
                let packets = UnsafeMutablePointer<Packet>.allocate(capacity: node.port.bufferCount)
                defer { packets.deallocate() }
                var taken = 0
                for _ in 0..<1_000 {
                    while device.allocate(into: packets + taken, count: 1) == 1 { taken += 1 }
                    try node.sendGarbage(10)
                    usleep(2_000)
                    if let seen = node.port.statistics(), seen.bufferShortages > 50 { break }
                }
                outcome.notes["taken"] = UInt64(taken)
                outcome.notes["shortages"] = node.port.statistics()?.bufferShortages
                device.free(packets, count: taken)
                outcome.reports.append(try node.trade(session: 2, orders: 200))
                usleep(100_000)
                outcome.notes["freeAfter"] = UInt64(node.port.availableBuffers)
            }
            expectAllAnswered(outcome.reports, 200)
            #expect(outcome.reports.count == 2)
            #expect((outcome.notes["taken"] ?? 0) > 3_000)
            #expect((outcome.notes["shortages"] ?? 0) > 50, "receptions without a buffer are not counted")
            #expect(outcome.notes["freeBefore"] == outcome.notes["freeAfter"], "\(outcome.notes)")
            #expect(outcome.held == 0)
        }

        /// A session trades on a thread of its own while `disturb` is called five times.
        private func tradingThrough(
            _ name: String, orders: UInt64, _ disturb: @escaping (NodeOnTap) throws -> Void
        ) throws -> Outcome {
            try withNode(name, settings) { node, outcome in
                outcome.reports.append(try node.trade(session: 1, orders: 50))
                let trading = Trading { try node.trade(session: 2, orders: orders) }
                for _ in 0..<5 {
                    usleep(60_000)
                    try disturb(node)
                }
                outcome.reports.append(try trading.wait())
                outcome.reports.append(try node.trade(session: 3, orders: orders))
            }
        }

        @Test func `a port restarts while orders flow`() throws {
            let outcome = try tradingThrough("wisselnode1", orders: 1_500) { try $0.port.restart() }
            expectAllAnswered(Array(outcome.reports.dropFirst()), 1_500)
            #expect(outcome.reports.count == 3)
            #expect(outcome.held == 0)
        }

        @Test func `a link that flaps while orders flow`() throws {
            let outcome = try tradingThrough("wisselnode2", orders: 1_500) { node in
                // From outside and from inside in turn.
                guard KernelDeviceTests.command(["link", "set", "wisselnode2", "down"]) else { throw POSIXError(.EIO) }
                usleep(20_000)
                guard KernelDeviceTests.command(["link", "set", "wisselnode2", "up"]) else { throw POSIXError(.EIO) }
                usleep(20_000)
                try node.port.setLink(up: false)
                usleep(20_000)
                try node.port.setLink(up: true)
            }
            expectAllAnswered(Array(outcome.reports.dropFirst()), 1_500)
            #expect(outcome.reports.count == 3)
            #expect(outcome.held == 0)
        }

        /// Work on a thread of its own, in the network namespace of the one that starts it.
        private final class Trading: @unchecked Sendable {
            private var thread = pthread_t()
            private var result: Result<LoadReport, any Error>?
            private let body: () throws -> LoadReport

            init(_ body: @escaping () throws -> LoadReport) {
                self.body = body
                let started = pthread_create(
                    &thread, nil,
                    { argument in
                        let trading = Unmanaged<Trading>.fromOpaque(argument!).takeUnretainedValue()
                        trading.result = Result { try trading.body() }
                        return nil
                    }, Unmanaged.passUnretained(self).toOpaque())
                precondition(started == 0, "no thread")
            }

            func wait() throws -> LoadReport {
                pthread_join(thread, nil)
                guard let result else { preconditionFailure("the thread ended without a result") }
                return try result.get()
            }
        }
    }
}
