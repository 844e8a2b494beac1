import Foundation

/// A client of DPDK's telemetry socket, as dpdk-telemetry.py is one (DPDK "Telemetry Library" guide, version 2): a greeting,
/// then a question and an answer at a time, each one packet of JSON.
final class TelemetryClient {
    /// Of the program that answers.
    let processID: Int32
    private let descriptor: Int32

    /// - Parameter prefix: the file prefix the program was started with.
    init(prefix: String) throws(TelemetryError) {
        let path = "\(Self.directory)/\(prefix)/dpdk_telemetry.v2"
        let descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, ControlSocket.withAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw TelemetryError(
                description: "no node answers at \(path): start it, with `dpdk: {telemetry: on}`; name another one's "
                    + "configuration with --config")
        }
        guard let greeting = Self.object(Self.read(descriptor)), let process = greeting["pid"] as? Int else {
            close(descriptor)
            throw TelemetryError(description: "who answers at \(path) does not greet as DPDK's telemetry does")
        }
        self.descriptor = descriptor
        processID = Int32(clamping: process)
    }

    deinit { close(descriptor) }

    /// Where EAL keeps the files of running programs.
    private static var directory: String {
        if geteuid() == 0 { return "/var/run/dpdk" }
        return (ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "/tmp") + "/dpdk"
    }

    /// The entries of an answer.
    func ask(_ command: String) throws(TelemetryError) -> [String: Any] {
        guard send(descriptor, command, command.utf8.count, Int32(MSG_NOSIGNAL)) > 0,
            let answer = Self.object(Self.read(descriptor))?.values.first as? [String: Any]
        else {
            throw TelemetryError(
                description: "the node does not answer \(command): it ends, or is of another version than this program")
        }
        return answer
    }

    private static func read(_ descriptor: Int32) -> Data? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Data(buffer[..<count]) : nil
    }

    private static func object(_ data: Data?) -> [String: Any]? {
        data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
    }
}

struct TelemetryError: Error, CustomStringConvertible { var description: String }
