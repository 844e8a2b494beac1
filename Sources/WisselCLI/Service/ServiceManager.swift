import Foundation

/// The service manager that started the program, told how it is doing: the protocol of sd_notify(3), text lines in a
/// datagram to the Unix socket that `NOTIFY_SOCKET` names. systemd speaks it, and so do others.
public final class ServiceManager {
    /// The manager ends the program when it hears nothing for so long; nil when it does not watch.
    public let watchdogNanoseconds: UInt64?
    private let descriptor: Int32
    /// A `sockaddr_un` as long as the name in it, which tells abstract names apart.
    private let address: [UInt8]

    /// Nil when nobody asked to be told. The socket is opened here, before the program may enter a network namespace of
    /// its own: abstract names, which begin with `@`, belong to the namespace a socket was opened in.
    public init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let name = environment["NOTIFY_SOCKET"], !name.isEmpty else { return nil }
        guard let address = Self.address(of: name) else {
            standardError(
                "service:  NOTIFY_SOCKET=\(name) is neither an absolute path nor @NAME, of up to 107 bytes; unset it")
            return nil
        }
        self.address = address
        // For another process where WATCHDOG_PID says so.
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { UInt64($0) } ?? 0
        watchdogNanoseconds = isMeant && (1..<UInt64.max / 1_000).contains(microseconds) ? microseconds * 1_000 : nil
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // A manager that does not read must not hold up the node's control thread for longer than this.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends lines `KEY=VALUE`.
    /// - Returns: whether they have arrived.
    @discardableResult public func tell(_ lines: String...) -> Bool {
        let message = Array(lines.joined(separator: "\n").utf8)
        let sent = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                sendto(
                    descriptor, message, message.count, Int32(MSG_NOSIGNAL), address.baseAddress,
                    socklen_t(bytes.count))
            }
        }
        return sent == message.count
    }

    /// The bytes of a socket address; nil for a name that cannot be one.
    public static func address(of name: String) -> [UInt8]? {
        var path = Array(name.utf8)
        guard path.count > 1, path.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        switch name.first {
        // Abstract: a zero byte instead of @, and none at the end, where it would be part of the name.
        case "@": path[0] = 0
        case "/": path.append(0)
        default: return nil
        }
        return withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + path
    }
}
