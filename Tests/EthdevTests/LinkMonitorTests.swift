import Ethdev
import Glibc
import NetStack
import TestSupport
import Testing

extension EnvironmentTests {
    @Suite struct LinkMonitorTests {
        init() throws { try EnvironmentTests.startEAL() }

        struct Flaps {
            var first: [LinkMonitor.Change] = []
            var down: [LinkMonitor.Change] = []
            var up: [LinkMonitor.Change] = []
            var ownDown: [LinkMonitor.Change] = []
            var ownUp: [LinkMonitor.Change] = []
            var losses: UInt64 = 0
            var returns: UInt64 = 0
        }

        @Test(.enabled(if: isRoot && hasTun && hasIproute))
        func `a link taken down from either side is seen and counted`() throws {
            let result = try inNetworkNamespace { () throws -> Flaps in
                var flaps = Flaps()
                let port = try EthdevPort(.tap("wisseltest7"), configuration: smallPort)
                defer { port.close() }
                try port.start()
                var monitor = LinkMonitor([port])
                flaps.first = monitor.poll()
                _ = KernelDeviceTests.command(["link", "set", "wisseltest7", "down"])
                flaps.down = monitor.poll() + monitor.poll()
                _ = KernelDeviceTests.command(["link", "set", "wisseltest7", "up"])
                flaps.up = monitor.poll() + monitor.poll()
                try port.setLink(up: false)
                flaps.ownDown = monitor.poll()
                try port.setLink(up: true)
                flaps.ownUp = monitor.poll()
                flaps.losses = monitor.losses[0]
                flaps.returns = monitor.returns[0]
                return flaps
            }
            guard let flaps = result else { try Test.cancel("the kernel gives no network namespace") }
            #expect(flaps.first.isEmpty)
            #expect(flaps.down.map(\.status.isUp) == [false])
            #expect(flaps.up.map(\.status.isUp) == [true])
            #expect(flaps.ownDown.map(\.status.isUp) == [false])
            #expect(flaps.ownUp.map(\.status.isUp) == [true])
            #expect(flaps.losses == 2 && flaps.returns == 2)
        }

        @Test func `a driver without the switch says so`() throws {
            let folder = try TemporaryFolder()
            let port = try EthdevPort(
                .pcap(receiveFile: nil, transmitFile: folder.path + "/link.pcap"), configuration: smallPort)
            let error = ethdevError { () throws(EthdevError) in try port.setLink(up: false) }
            #expect(error?.remedy.contains("stop the port") == true)
            #expect(port.close() == 0)
        }
    }
}
