import Ethdev
import Glibc
import NetStack
import Synchronization
import Testing

extension EnvironmentTests {
    /// A port that is stopped and started while another thread polls it.
    @Suite struct EthdevPortRestartTests {
        init() throws { try EnvironmentTests.startEAL() }

        /// Polls all queues of a port, as a core of the node does, until it is dropped.
        private final class Poller: @unchecked Sendable {
            private let port: EthdevPort
            private let ends = Atomic<Bool>(false)
            let received = Atomic<Int>(0)
            private var thread = pthread_t()

            init(_ port: EthdevPort) {
                self.port = port
                let started = pthread_create(
                    &thread, nil,
                    { argument in
                        Unmanaged<Poller>.fromOpaque(argument!).takeUnretainedValue().poll()
                        return nil
                    }, Unmanaged.passUnretained(self).toOpaque())
                precondition(started == 0, "no thread")
            }

            private func poll() {
                do { try EAL.registerThread() } catch { return }
                let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
                while !ends.load(ordering: .acquiring) {
                    for device in port.devices {
                        let count = device.receive(into: packets, count: 32)
                        let sent = device.transmit(packets, count: count)
                        device.free(packets + sent, count: count - sent)
                        received.wrappingAdd(count, ordering: .relaxed)
                    }
                    usleep(50)
                }
                packets.deallocate()
                EAL.unregisterThread()
            }

            func waitForMore() -> Bool {
                let before = received.load(ordering: .relaxed)
                for _ in 0..<2_000 {
                    if received.load(ordering: .relaxed) > before { return true }
                    usleep(1_000)
                }
                return false
            }

            func stop() {
                ends.store(true, ordering: .releasing)
                pthread_join(thread, nil)
            }
        }

        @Test func `a port restarts under its poller and every buffer is there afterwards`() throws {
            var configuration = smallPort
            configuration.queuePairs = 2
            let port = try EthdevPort(.null(packetBytes: 64, copy: true), configuration: configuration)
            try port.start()
            let poller = Poller(port)
            for _ in 0..<20 {
                #expect(poller.waitForMore())
                try port.restart()
                #expect(port.isStarted)
            }
            #expect(poller.waitForMore(), "nothing is received after a restart")
            poller.stop()
            #expect(port.availableBuffers == port.bufferCount)
            #expect(port.close() == 0)
        }

        @Test func `a queue nobody polls is told and the port runs on`() throws {
            let port = try EthdevPort(.ring("idle"), configuration: smallPort)
            try port.start()
            let error = ethdevError { () throws(EthdevError) in try port.restart(patienceNanoseconds: 5_000_000) }
            #expect(error?.cause == "queue 0 was not polled for 5 ms")
            #expect(port.isStarted)
            #expect(port.devices[0].send(testFrame(count: 60)))
            #expect(port.devices[0].awaitFrame() == testFrame(count: 60))
            #expect(port.close() == 0)
        }

        @Test(.enabled(if: isRoot && hasIproute, "needs root and iproute2"))
        func `a driver that does not come back from a stop is left alone`() throws {
            let error = try inNetworkNamespace { () throws -> EthdevError? in
                guard KernelDeviceTests.command(["link", "add", "wr0", "type", "veth", "peer", "name", "wr1"]) else {
                    return nil
                }
                let port = try EthdevPort(.afPacket("wr0"), configuration: smallPort)
                try port.start()
                defer { port.close() }
                return ethdevError { () throws(EthdevError) in try port.restart() }
            }
            guard let error, let error else { try Test.cancel("the kernel gives no veth in a network namespace") }
            #expect(error.cause.contains("closes its sockets"))
        }
    }
}
