import Ethdev
import Glibc
import LoadClient
import NetStack
import Testing

extension EnvironmentTests {
    @Suite struct FlowSteeringTests {
        init() throws { try EnvironmentTests.startEAL() }

        static let orders = FlowSteering.Request(address: 0x0A42_0002, port: 9_000)

        static var twoQueues: PortConfiguration {
            var configuration = smallPort
            configuration.queuePairs = 2
            return configuration
        }

        @Test func `a driver without flow rules says so and nothing changes`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: Self.twoQueues)
            try port.start()
            let error = ethdevError { () throws(EthdevError) in try port.steer(Self.orders) }
            #expect(error?.cause == "the driver has no flow rules")
            #expect(error?.remedy.contains("software") == true)
            #expect(port.steering == nil)
            try port.stop()
            try port.start()
            #expect(port.steeringLoss == nil, "what was never made cannot be lost")
            #expect(port.close() == 0)
        }

        @Test func `one queue leaves nothing to steer to`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            try port.start()
            let error = ethdevError { () throws(EthdevError) in try port.steer(Self.orders) }
            #expect(error?.kind == .configuration && error?.cause == "it is opened with one queue")
            #expect(port.close() == 0)
        }

        struct Arrivals {
            var kernelCan = false
            var refusal: EthdevError?
            var shared: String?
            var isSteeredWhileStopped = true
            var isSteeredAgain = false
            /// Datagrams to the order port, and to another one, by queue.
            var orders = [0, 0]
            var others = [0, 0]
            var held = -1
        }

        /// net_tap makes rules of the kernel's flower classifier. Where the kernel has it, orders come to queue 0 and
        /// nothing else does; where it has not, the driver's reason is told and every frame still arrives.
        @Test(.enabled(if: isRoot && hasTun && hasIproute))
        func `orders come to a queue of their own, or the reason is told`() throws {
            let result = try inNetworkNamespace { try Self.exchange() }
            guard let arrivals = result else { try Test.cancel("the kernel gives no network namespace") }
            #expect(arrivals.orders.reduce(0, +) == 32)
            #expect(arrivals.others.reduce(0, +) == 32)
            #expect(!arrivals.isSteeredWhileStopped)
            #expect(arrivals.isSteeredAgain == (arrivals.refusal == nil))
            #expect((arrivals.refusal == nil) == arrivals.kernelCan, "\(String(describing: arrivals.refusal))")
            if let refusal = arrivals.refusal {
                #expect(refusal.kind == .device)
                #expect(refusal.cause.hasPrefix("the driver "))
                #expect(refusal.remedy.contains("software classifier"))
            } else {
                #expect(arrivals.orders == [32, 0])
                if arrivals.shared == nil { #expect(arrivals.others == [0, 32]) }
            }
            #expect(arrivals.held == 0)
        }

        /// Whether the kernel has what net_tap makes its rules of; asked with `tc`, which knows nothing of DPDK.
        static func kernelCanSteer(onto interface: String) -> Bool {
            let filter = ["protocol", "ip", "flower", "dst_ip", "192.0.2.1", "action", "skbedit", "queue_mapping", "1"]
            return KernelDeviceTests.command(
                ["qdisc", "replace", "dev", interface, "root", "handle", "1:", "multiq"], of: "tc")
                && KernelDeviceTests.command(["qdisc", "add", "dev", "lo", "ingress"], of: "tc")
                && KernelDeviceTests.command(["filter", "add", "dev", "lo", "parent", "ffff:"] + filter, of: "tc")
        }

        static func exchange() throws -> Arrivals {
            var arrivals = Arrivals()
            let port = try EthdevPort(.tap("wisseltest6"), configuration: twoQueues)
            try port.start()
            arrivals.kernelCan = kernelCanSteer(onto: "wisseltest6")
            do throws(EthdevError) {
                try port.steer(orders)
                arrivals.shared = port.steering?.sharedBecause
            } catch {
                arrivals.refusal = error
            }
            // The rules end with the port's stop and are made again with its start.
            try port.stop()
            arrivals.isSteeredWhileStopped = port.steering != nil
            try port.start()
            arrivals.isSteeredAgain = port.steering != nil
            try TapAddress(interface: "wisseltest6", address: 0x0A42_0001, prefixLength: 24).apply()
            // Nobody answers ARP here: the kernel is told.
            _ = KernelDeviceTests.command([
                "neigh", "add", "10.66.0.2", "lladdr", "02:00:00:00:00:02", "dev", "wisseltest6",
            ])
            for source in 0..<32 {
                for destination in [UInt16(9_000), 9_001] {
                    let socket = try UDPSocket(
                        local: SocketAddress("10.66.0.1", port: 41_000 + UInt16(source)),
                        remote: SocketAddress("10.66.0.2", port: destination))
                    _ = try [1, 2, 3].withUnsafeBytes { try socket.send($0) }
                }
            }
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
            defer { packets.deallocate() }
            for _ in 0..<200 where arrivals.orders.reduce(0, +) + arrivals.others.reduce(0, +) < 64 {
                for queue in 0..<2 {
                    let count = port.devices[queue].receive(into: packets, count: 32)
                    for index in 0..<count {
                        let frame = UnsafeRawBufferPointer(
                            start: packets[index].bytes, count: Int(packets[index].length))
                        guard frame.count > 42, frame[12] == 8, frame[13] == 0, frame[23] == 17 else { continue }
                        switch Int(frame[36]) << 8 | Int(frame[37]) {
                        case 9_000: arrivals.orders[queue] += 1
                        case 9_001: arrivals.others[queue] += 1
                        default: break
                        }
                    }
                    port.devices[queue].free(packets, count: count)
                }
                usleep(1_000)
            }
            arrivals.held = port.close()
            return arrivals
        }
    }
}
