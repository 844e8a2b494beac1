import Foundation
import Testing
import WisselCLI

/// The service manager's end: a datagram socket that keeps what a program tells.
final class NotifySocket {
    let name: String
    private let descriptor: Int32
    private(set) var messages: [[String: String]] = []

    /// - Parameter name: a path, or an abstract name that begins with `@`.
    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let address = try #require(ServiceManager.address(of: name))
        let bound = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
        }
        try #require(bound == 0, "bind to \(name): \(errno)")
    }

    deinit { close(descriptor) }

    /// Takes messages until one holds `line`, such as `READY=1`; that message, or nil after `limitSeconds`.
    func waits(for line: String, limitSeconds: Double = 15) -> [String: String]? {
        let (key, value) = Self.pair(line[...])
        return wait(limitSeconds: limitSeconds) { $0[key] == value }
    }

    func wait(limitSeconds: Double, until isWanted: ([String: String]) -> Bool) -> [String: String]? {
        let end = Date().addingTimeInterval(limitSeconds)
        while Date() < end {
            var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&one, 1, 50) == 1 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
            let message = Dictionary(text.split(separator: "\n").map(Self.pair)) { _, last in last }
            messages.append(message)
            if isWanted(message) { return message }
        }
        return nil
    }

    private static func pair(_ line: Substring) -> (String, String) {
        let parts = line.split(separator: "=", maxSplits: 1)
        return (String(parts.first ?? ""), String(parts.dropFirst().first ?? ""))
    }
}
