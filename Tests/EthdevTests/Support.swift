import CPlatform
import Ethdev
import Glibc
import NetStack
import Testing

/// Tests that share the process's one EAL, one after another: DPDK's control path is not made for two at once.
@Suite(.serialized) enum EnvironmentTests {
    /// Ordinary memory, no PCI: runs anywhere, as anyone.
    static let options = EALOptions(hugePages: .none(megabytes: 256), filePrefix: "wissel_test")

    static func startEAL() throws { try EAL.start(options) }
}

/// Small rings and a small pool, so that many ports fit the tests' memory.
let smallPort = PortConfiguration(
    receiveDescriptors: 256, transmitDescriptors: 256, mbufCount: 1023, mbufCacheSize: 32)

extension PacketDevice {
    /// Sends one frame; false when there was no buffer or no room.
    func send(_ frame: [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(of: Packet.self, capacity: 1) { packets in
            let packet = packets.baseAddress!
            guard allocate(into: packet, count: 1) == 1 else { return false }
            packet.pointee.bytes.copyMemory(from: frame, byteCount: frame.count)
            packet.pointee.length = UInt32(frame.count)
            if transmit(packet, count: 1) == 1 { return true }
            free(packet, count: 1)
            return false
        }
    }

    /// Polls for up to two seconds until a frame satisfies `condition`; the others are freed.
    func awaitFrame(where condition: ([UInt8]) -> Bool = { _ in true }) -> [UInt8]? {
        withUnsafeTemporaryAllocation(of: Packet.self, capacity: 32) { packets in
            let base = packets.baseAddress!
            for _ in 0..<2000 {
                let count = receive(into: base, count: 32)
                let frames = (0..<count).map { index in
                    let packet = base[index]
                    return Array(UnsafeRawBufferPointer(start: packet.bytes, count: Int(packet.length)))
                }
                free(base, count: count)
                if let match = frames.first(where: condition) { return match }
                usleep(1000)
            }
            return nil
        }
    }
}

/// A frame of `count` bytes to `destination` with an experimental EtherType and a counting payload.
func testFrame(count: Int, to destination: [UInt8] = [2, 0, 0, 0, 0, 2]) -> [UInt8] {
    destination + [2, 0, 0, 0, 0, 1, 0x88, 0xB5] + (14..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
}

/// The error a call throws, or nil.
func ethdevError(_ body: () throws(EthdevError) -> Void) -> EthdevError? {
    do throws(EthdevError) {
        try body()
        return nil
    } catch {
        return error
    }
}

let isRoot = geteuid() == 0
let hasTun = access("/dev/net/tun", R_OK | W_OK) == 0
let hasIproute = access("/usr/sbin/ip", X_OK) == 0 || access("/sbin/ip", X_OK) == 0

private final class ThreadBody {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
}

/// Runs `body` on a thread of its own in a fresh network namespace and waits for it. Sockets and interfaces made there
/// vanish with it. nil when the kernel refuses a namespace.
func inNetworkNamespace<Result>(_ body: @escaping () throws -> Result) throws -> Result? {
    try onThread { cplatform_unshare_network() == 0 ? try body() : nil }
}

/// Runs `body` on a thread of its own and waits for it. Expectations belong outside: a bare thread has no current test.
func onThread<Result>(_ body: @escaping () throws -> Result) throws -> Result {
    var outcome: Swift.Result<Result, any Error>?
    let work = ThreadBody { outcome = Swift.Result { try body() } }
    var thread = pthread_t()
    let started = pthread_create(
        &thread, nil,
        { argument in
            Unmanaged<ThreadBody>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(work).toOpaque())
    precondition(started == 0, "no thread")
    pthread_join(thread, nil)
    return try outcome!.get()
}
