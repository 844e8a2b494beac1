import Foundation
import Glibc

/// A socket for raw frames on an interface in the network namespace of a process: the neighbour on the wire.
final class PacketSocket {
    private let descriptor: Int32

    /// What the thread that enters the namespace hands back.
    private final class Opening: @unchecked Sendable {
        var descriptor: Int32 = -1
        let done = DispatchSemaphore(value: 0)
    }

    /// - Returns: nil when the namespace or the interface is not there, or the rights are missing.
    init?(interface: String, ofProcess process: Int32) {
        // A thread of its own enters the namespace, so that nobody else does; what it opens can be used anywhere.
        let opening = Opening()
        Thread.detachNewThread {
            opening.descriptor = Self.open(interface, process)
            opening.done.signal()
        }
        opening.done.wait()
        guard opening.descriptor >= 0 else { return nil }
        descriptor = opening.descriptor
    }

    deinit { close(descriptor) }

    private static func open(_ interface: String, _ process: Int32) -> Int32 {
        let namespace = Glibc.open("/proc/\(process)/ns/net", O_RDONLY)
        guard namespace >= 0 else { return -1 }
        defer { close(namespace) }
        // The C library's module leaves it out.
        typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32
        guard let symbol = dlsym(nil, "setns"), unsafeBitCast(symbol, to: SetNamespace.self)(namespace, 0) == 0 else {
            return -1
        }
        let index = if_nametoindex(interface)
        let everything = UInt16(3).bigEndian
        let opened = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), Int32(everything))
        guard index > 0, opened >= 0 else { return -1 }
        // struct sockaddr_ll: family, protocol, interface, and eight bytes plus four that do not matter here.
        var address = [UInt8](repeating: 0, count: 20)
        address.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt16(AF_PACKET), toByteOffset: 0, as: UInt16.self)
            $0.storeBytes(of: everything, toByteOffset: 2, as: UInt16.self)
            $0.storeBytes(of: Int32(index), toByteOffset: 4, as: Int32.self)
        }
        let result = address.withUnsafeBytes {
            bind(opened, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), 20)
        }
        var timeout = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(opened, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        return result == 0 ? opened : -1
    }

    func send(_ frame: [UInt8]) -> Bool { Glibc.send(descriptor, frame, frame.count, 0) == frame.count }

    /// The next frame, of either direction, that satisfies `condition`; nil after `seconds`.
    func next(within seconds: Double, where condition: ([UInt8]) -> Bool) -> [UInt8]? {
        let end = Date().addingTimeInterval(seconds)
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while Date() < end {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { continue }
            let frame = Array(buffer[..<count])
            if condition(frame) { return frame }
        }
        return nil
    }
}
