import CPlatform
import Ethdev
import Glibc
import NetStack
import Testing

extension EnvironmentTests {
    /// Devices that reach the kernel, each test in a network namespace of its own.
    @Suite struct KernelDeviceTests {
        init() throws { try EnvironmentTests.startEAL() }

        struct Exchange {
            var asked: [UInt8]?
            var datagram: [UInt8]?
            var answer: [UInt8] = []
            var held = -1
            var presentWhileOpen = false
            var presentAfterClose = true
            var receivedPackets: UInt64 = 0
            var availableDifference = 0
        }

        @Test(.enabled(if: isRoot && hasTun)) func `a TAP port talks with a kernel socket and is gone when closed`()
            throws
        {
            let exchange = try inNetworkNamespace { try Self.exchangeThroughTap() }
            guard let exchange else { try Test.cancel("the kernel gives no network namespace") }
            #expect(exchange.presentWhileOpen)
            #expect(exchange.asked?.suffix(4) == [10, 66, 0, 2])
            #expect(exchange.datagram?.suffix(5) == Array("hello"[...].utf8)[...])
            #expect(exchange.answer == Array("world".utf8))
            #expect(exchange.receivedPackets >= 2)
            #expect(exchange.availableDifference == 0)
            #expect(exchange.held == 0)
            #expect(!exchange.presentAfterClose)
        }

        static func exchangeThroughTap() throws -> Exchange {
            var exchange = Exchange()
            let port = try EthdevPort(.tap("wisseltest0"), configuration: smallPort)
            try port.start()
            let available = port.availableBuffers
            try TapAddress(
                interface: "wisseltest0", address: 0x0A42_0001, prefixLength: 24, mtu: 1400, transmitQueueLength: 5000
            ).apply()
            exchange.presentWhileOpen = interfaceExists("wisseltest0")
            let device = port.devices[0]
            let mac = (0..<6).map { UInt8(truncatingIfNeeded: device.macAddress >> (40 - 8 * UInt64($0))) }

            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            var timeout = timeval(tv_sec: 2, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var peer = sockaddr_in()
            peer.sin_family = sa_family_t(AF_INET)
            peer.sin_port = UInt16(9000).bigEndian
            peer.sin_addr.s_addr = UInt32(0x0A42_0002).bigEndian
            _ = withUnsafePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            send(descriptor, "hello", 5, 0)

            // RFC 826: answer who-has 10.66.0.2 with our address.
            guard let request = device.awaitFrame(where: { $0[12...13] == [8, 6] && $0[21] == 1 && $0[41] == 2 }) else {
                return exchange
            }
            exchange.asked = Array(request.prefix(42))
            let kernel = Array(request[6..<12])
            let reply = kernel + mac + request[12..<20] + [0, 2] + mac + request[38..<42] + request[22..<32]
            _ = device.send(reply)
            guard let datagram = device.awaitFrame(where: { $0[12...13] == [8, 0] && $0[23] == 17 && $0[37] == 40 })
            else { return exchange }
            exchange.datagram = Array(datagram.prefix(47))
            // Back with both addresses and ports exchanged, which leaves the IP checksum as it is; UDP checksum 0: none.
            var back = kernel + mac + datagram[12..<26] + datagram[30..<34] + datagram[26..<30]
            back += datagram[36..<38] + datagram[34..<36] + [0, 13, 0, 0] + Array("world".utf8)
            _ = device.send(back)
            var answer = [UInt8](repeating: 0, count: 64)
            var count = -1
            repeat { count = recv(descriptor, &answer, 64, 0) } while count < 0 && errno == EINTR
            exchange.answer = Array(answer.prefix(max(count, 0)))
            exchange.receivedPackets = port.statistics()?.receivedPackets ?? 0
            exchange.availableDifference = available - port.availableBuffers
            exchange.held = port.close()
            exchange.presentAfterClose = interfaceExists("wisseltest0")
            return exchange
        }

        @Test(.enabled(if: isRoot && hasTun), arguments: [true, false])
        func `a TAP offers checksums and is asked for them when wanted`(wanted: Bool) throws {
            let found = try inNetworkNamespace { () throws -> [Bool] in
                var configuration = smallPort
                configuration.usesChecksumOffload = wanted
                let port = try EthdevPort(.tap("wisseltest2"), configuration: configuration)
                defer { port.close() }
                return [
                    port.computesSentChecksums, port.checksReceivedChecksums,
                    port.devices[0].offloads.contains(.transmitChecksums),
                ]
            }
            guard let found else { try Test.cancel("the kernel gives no network namespace") }
            #expect(found == [wanted, wanted, wanted])
        }

        static func interfaceExists(_ name: String) -> Bool {
            var index: Int32 = 0
            return cplatform_interface_index(name, &index) == 0
        }

        @Test(.enabled(if: isRoot && hasTun)) func `a taken interface name is told`() throws {
            let error = try inNetworkNamespace { () throws -> EthdevError? in
                let port = try EthdevPort(.tap("wisseltest1"), configuration: smallPort)
                defer { port.close() }
                return ethdevError { () throws(EthdevError) in
                    _ = try EthdevPort(.tap("wisseltest1"), configuration: smallPort)
                }
            }
            guard let error else { try Test.cancel("the kernel gives no network namespace") }
            #expect(error?.cause == "an interface named wisseltest1 exists already")
        }

        @Test(
            .enabled(if: isRoot && hasIproute, "needs root and iproute2"),
            arguments: [DeviceSpecification.afPacket("wv0"), .afXDP("wv0")])
        func `a port on a veth reaches the other end`(specification: DeviceSpecification) throws {
            let frame = testFrame(count: 200)
            let result = try inNetworkNamespace { () throws -> (there: [UInt8]?, back: [UInt8]?, held: Int)? in
                guard Self.command(["link", "add", "wv0", "type", "veth", "peer", "name", "wv1"]),
                    Self.command(["link", "set", "wv0", "up"]), Self.command(["link", "set", "wv1", "up"])
                else { return nil }
                var configuration = smallPort
                configuration.promiscuous = true
                configuration.mbufCount = 8191
                let other = try EthdevPort(.afPacket("wv1"), configuration: configuration)
                try other.start()
                let port: EthdevPort
                do {
                    port = try EthdevPort(specification, configuration: configuration)
                } catch {
                    // XDP sockets are an option of the kernel.
                    if case .afXDP = specification { return nil }
                    throw error
                }
                try port.start()
                _ = port.devices[0].send(frame)
                let there = other.devices[0].awaitFrame { $0[12...13] == [0x88, 0xB5] }
                _ = other.devices[0].send(frame)
                let back = port.devices[0].awaitFrame { $0[12...13] == [0x88, 0xB5] }
                return (there, back, port.close() + other.close())
            }
            guard let exchange = result, let exchange else { try Test.cancel("this kernel cannot make such a port") }
            #expect(exchange.there == frame)
            #expect(exchange.back == frame)
            // The AF_XDP driver keeps what is in the kernel's fill ring.
            if case .afPacket = specification { #expect(exchange.held == 0) }
        }

        /// Runs `ip`, or another program of iproute2, in the calling thread's network namespace.
        static func command(_ arguments: [String], of program: String = "ip") -> Bool {
            var list: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
            list.append(nil)
            defer { list.forEach { free($0) } }
            var child = pid_t()
            guard posix_spawnp(&child, program, nil, nil, list, environ) == 0 else { return false }
            var status: Int32 = -1
            repeat {} while waitpid(child, &status, 0) < 0 && errno == EINTR
            return status == 0
        }
    }
}
