import Foundation
import Runtime

/// Where running nodes listen for `wissel capture` and `wissel market`.
enum ControlSocket {
    /// The folder of the machine's nodes: a service has one from systemd, root's are under /run, others' where their session
    /// keeps such files.
    static var directory: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["RUNTIME_DIRECTORY"] { return folder }
        if geteuid() == 0 { return "/run/wissel" }
        return (environment["XDG_RUNTIME_DIR"] ?? "/tmp") + "/wissel-\(geteuid())"
    }

    /// That of the packaged service: RuntimeDirectory= in wissel.service.
    static let serviceDirectory = "/run/wissel/node"

    static func path(prefix: String) -> String { "\(directory)/\(prefix)-\(getpid()).control" }

    /// Sockets of nodes that run; files of nodes that are gone are removed on the way.
    static func running() -> [String] {
        Set([directory, serviceDirectory]).sorted().flatMap(running(in:))
    }

    private static func running(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".control") }.sorted().compactMap { name in
            let path = folder + "/" + name
            guard let process = name.dropLast(8).split(separator: "-").last.flatMap({ Int32($0) }) else { return nil }
            if kill(process, 0) == 0 || errno == EPERM { return path }
            unlink(path)
            return nil
        }
    }

    /// Calls `body` with the address of a socket in the file system; nil when the path is too long for one.
    static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// The one node that runs here, or the one that was named.
    static func choose(_ node: String?) throws -> String {
        if let node, node.contains("/") { return node }
        let running = running()
        let fitting = running.filter { path in node.map { path.hasSuffix("-\($0).control") } ?? true }
        switch fitting.count {
        case 1: return fitting[0]
        case 0:
            let what = node.map { "no node runs here as process \($0)" } ?? "no node runs here"
            throw CaptureFailure(
                description: "\(what) (looked in \(directory)): start one with `wissel run`, and be the "
                    + "same user")
        default:
            throw CaptureFailure(
                description: "several nodes run here: choose one with --node NUMBER: "
                    + running.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "))
        }
    }

    /// A connection to the node that listens at `path`; the caller closes it.
    static func connected(to path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let result = ControlSocket.withAddress(path) { connect(descriptor, $0, $1) }
        guard descriptor >= 0, result == 0 else {
            let reason = result == nil ? "the path is too long" : errorText(errno)
            if descriptor >= 0 { close(descriptor) }
            throw CaptureFailure(description: "cannot reach the node at \(path): \(reason)")
        }
        return descriptor
    }
}
