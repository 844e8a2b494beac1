import Ethdev
import NetStack
import Testing

extension EnvironmentTests {
    /// Several queues of one port: pools, spreading, burst functions, what the device offers.
    @Suite struct QueuesTests {
        init() throws { try EnvironmentTests.startEAL() }

        private var twoQueues: PortConfiguration {
            var configuration = smallPort
            configuration.queuePairs = 2
            configuration.transmitsOnlyOwnBuffers = true
            return configuration
        }

        @Test func `each queue pair has a pool of its own`() throws {
            let port = try EthdevPort(.ring("pools"), configuration: twoQueues)
            try port.start()
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 1023)
            defer { packets.deallocate() }
            #expect(port.bufferCount == 2 * 1023)
            #expect(port.devices[0].allocate(into: packets, count: 1023) == 1023)
            #expect(port.availableBuffers(queue: 0) == 0)
            #expect(port.availableBuffers(queue: 1) == 1023)
            #expect(port.availableBuffers == 1023)
            // One queue is out of buffers; the other goes on.
            #expect(!port.devices[0].send(testFrame(count: 60)))
            #expect(port.devices[1].send(testFrame(count: 60)))
            #expect(port.devices[1].awaitFrame() == testFrame(count: 60))
            // Whoever frees, a buffer goes back to where it came from.
            port.devices[1].free(packets, count: 1023)
            #expect(port.availableBuffers(queue: 0) == 1023)
            #expect(port.close() == 0)
        }

        @Test func `a pool that was not emptied is told, and only that one stays`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: twoQueues)
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 5)
            defer { packets.deallocate() }
            #expect(port.devices[1].allocate(into: packets, count: 5) == 5)
            #expect(port.close() == 5)
        }

        @Test func `how frames are spread is known from the start on`() throws {
            let one = try EthdevPort(.ring("one"), configuration: smallPort)
            #expect(one.scaling == .unknown)
            try one.start()
            #expect(one.scaling == .oneQueue)
            #expect(one.close() == 0)
            let two = try EthdevPort(.ring("spread"), configuration: twoQueues)
            try two.start()
            #expect(two.scaling == .elsewhere("whoever sends chooses"))
            #expect("\(two.scaling)" == "no RSS: whoever sends chooses")
            #expect(two.close() == 0)
        }

        @Test func `what a device offers is told, and what it does not offer is not used`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: twoQueues)
            try port.start()
            #expect(port.capabilities.driverName == "net_null")
            #expect(port.capabilities.maximumQueuePairs >= 2)
            #expect(!port.capabilities.stampsReceivedFrames)
            // No virtual device frees in bulk; the promise alone does not make one.
            #expect(port.freesFast == port.capabilities.freesFast)
            #expect(port.burstModes.count == 2)
            #expect(port.close() == 0)
        }

        @Test func `burst functions are named as far as the driver tells`() {
            #expect("\(BurstModes(receive: nil, transmit: nil))" == "not told by the driver")
            #expect("\(BurstModes(receive: "Vector AVX2", transmit: nil))" == "Vector AVX2 in, not told out")
            #expect("\(BurstModes(receive: "Scalar", transmit: "Vector"))" == "Scalar in, Vector out")
        }

        @Test func `a TAP takes no more queues than its driver can`() {
            var configuration = smallPort
            configuration.queuePairs = 5
            let error = ethdevError { () throws(EthdevError) in
                _ = try EthdevPort(.tap("wisseltest5"), configuration: configuration)
            }
            #expect(error?.cause == "5 queue pairs asked for, and net_tap carries 4")
            #expect(error?.remedy == "lower queuePairs to 4")
        }
    }
}
