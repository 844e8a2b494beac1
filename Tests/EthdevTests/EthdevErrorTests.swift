import Ethdev
import NetStack
import Testing

extension EnvironmentTests {
    /// What the operator reads when a device does not open.
    @Suite struct EthdevErrorTests {
        init() throws { try EnvironmentTests.startEAL() }

        func failure(
            _ specification: DeviceSpecification, _ configuration: PortConfiguration = smallPort
        ) -> EthdevError? {
            ethdevError { () throws(EthdevError) in
                _ = try EthdevPort(specification, configuration: configuration)
            }
        }

        @Test(.enabled(if: isRoot)) func `an unknown interface`() {
            let error = failure(.afPacket("nosuchif0"))
            #expect(error?.kind == .notFound)
            #expect(
                error?.description == "cannot open af_packet:nosuchif0: interface nosuchif0 does not exist in this "
                    + "network namespace; create it or take a name that ip link shows")
        }

        @Test func `a PCI address without a device`() {
            let error = failure(.pci("ffff:ff:1f.7"))
            #expect(error?.kind == .notFound)
            #expect(error?.cause == "there is no PCI device ffff:ff:1f.7")
            #expect(error?.remedy == "take an address that lspci -D lists")
        }

        @Test func `a value that is no PCI address`() {
            #expect(failure(.pci("03:00.0"))?.kind == .specification)
        }

        @Test func `more buffers than there is memory`() {
            var configuration = smallPort
            configuration.mbufCount = 1_048_575
            let error = failure(.null(packetBytes: 64, copy: false), configuration)
            #expect(error?.kind == .memory)
            #expect(
                error?.attempt
                    == "make the buffer pool of null:64: 1048575 buffers of 2048 bytes take 4106 MB on node 0")
            #expect(
                error?.remedy.hasPrefix("EAL runs without huge pages on 256 MB for everything: start it with") == true)
        }

        @Test func `a port that failed leaves nothing behind`() throws {
            var configuration = smallPort
            configuration.queuePairs = 32
            for _ in 0..<3 {
                let error = failure(.ring("limit"), configuration)
                #expect(error?.cause == "32 queue pairs asked for and the device has 16")
            }
            #expect(try EthdevPort(.ring("limit"), configuration: smallPort).close() == 0)
        }

        @Test func `missing files and directories`() {
            #expect(failure(.pcap(receiveFile: "/nowhere/a.pcap", transmitFile: nil))?.kind == .notFound)
            #expect(
                failure(.pcap(receiveFile: nil, transmitFile: "/nowhere/b.pcap"))?.cause
                    == "directory /nowhere is missing or not writable")
            #expect(failure(.memif(.server, socketPath: "/nowhere/s", id: 0))?.kind == .notFound)
        }

        @Test func `settings that do not fit`() {
            func cause(_ change: (inout PortConfiguration) -> Void) -> String? {
                var configuration = smallPort
                change(&configuration)
                let error = failure(.null(packetBytes: 64, copy: false), configuration)
                #expect(error?.kind == .configuration)
                return error?.cause
            }
            #expect(cause { $0.queuePairs = 0 } == "queuePairs 0 is outside 1…64")
            #expect(cause { $0.receiveDescriptors = 65536 } == "receiveDescriptors 65536 is outside 1…65535")
            #expect(cause { $0.mbufCacheSize = 513 } == "mbufCacheSize 513 is outside 0…512")
            #expect(cause { $0.mtu = 9000 } == "a frame of MTU 9000 takes 9026 bytes and a buffer holds 2048")
            #expect(cause { $0.mbufCount = 500 } == "512 descriptors can hold more than the 500 buffers")
            #expect(cause { $0.mbufCount = .max } != nil)
            #expect(cause { $0.mtu = .max } != nil)
            #expect(
                failure(.afXDP("lo"), smallPort)?.cause == "4608 descriptors can hold more than the 1023 buffers")
            var small = smallPort
            small.mbufDataBytes = 1600
            #expect(
                failure(.null(packetBytes: 1700, copy: true), small)?.cause
                    == "frames of 1700 bytes do not fit buffers of 1600")
        }
    }
}
