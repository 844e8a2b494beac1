import Ethdev
import Foundation
import NetStack

/// What `wissel capture` and a running node say to one another over the node's control socket.
///
/// The client sends one line of JSON (`Start`); its end of the connection closing means stop. The node answers with
/// messages, each a kind and a length of four bytes, then so many bytes: one `reply`, many `frame`, one `end`. Both are the
/// same program on the same machine, so integers are in the machine's byte order and there is no version to negotiate;
/// `build` tells when they are not.
enum CaptureProtocol {
    enum Kind: UInt32 {
        case reply = 1
        case frame
        case end
    }

    /// Bumped with every change below.
    static let build = 1
    /// Longest line a client may send: a filter has at most 4,096 instructions of up to 21 digits.
    static let longestStart = 1 << 17
    static let headerBytes = 8
    /// Time 8, original length 4, interface 2, direction 2; the frame's bytes follow.
    static let frameHeaderBytes = 16

    struct Start: Codable {
        var build = CaptureProtocol.build
        var request: CaptureRequest
        /// As in the configuration (`tap:wissel0`), without the kind (`wissel0`), or by number; empty: all.
        var interfaces: [String] = []
    }

    struct Reply: Codable {
        /// Why there is no capture; nil when it has begun.
        var refusal: String?
        var interfaces: [CaptureInterface] = []
        /// The node's name, its DPDK and its clock, for the file's comment.
        var comment = ""
        var startNanoseconds: UInt64 = 0
    }

    struct End: Codable {
        /// Why the node ended it; nil when the client did.
        var reason: String?
        /// By interface.
        var statistics: [CaptureStatistics]
        var endNanoseconds: UInt64
    }

    /// Appends a message with a JSON body.
    static func append(_ kind: Kind, _ body: some Encodable, to output: inout [UInt8]) throws {
        let data = try JSONEncoder().encode(body)
        append(kind.rawValue, to: &output)
        append(UInt32(data.count), to: &output)
        output += data
    }

    static func append(_ frame: CapturedFrame, to output: inout [UInt8]) {
        append(Kind.frame.rawValue, to: &output)
        append(UInt32(frameHeaderBytes + frame.bytes.count), to: &output)
        append(frame.timestampNanoseconds, to: &output)
        append(UInt32(clamping: frame.originalLength), to: &output)
        append(UInt16(frame.port), to: &output)
        let direction: CaptureDirection = frame.isOutbound ? .outbound : .inbound
        append(UInt16(direction.rawValue), to: &output)
        output += frame.bytes
    }

    private static func append(_ value: some FixedWidthInteger, to output: inout [UInt8]) {
        withUnsafeBytes(of: value) { output += $0 }
    }
}

/// Where running nodes listen for `wissel capture`.
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
}
