import CDPDK
import Synchronization

/// Commands of our own on DPDK's telemetry socket, beside the standard ones; `dpdk-telemetry.py` speaks to it.
///
/// The socket is `dpdk_telemetry.v2` in EAL's run-time directory. It is there with huge pages in memory and without huge
/// pages as well: only `--no-telemetry` takes it away. Source: DPDK "Telemetry Library" guide.
public enum Telemetry {
    /// One entry of an answer. Names are letters, digits and '_'.
    public enum Value: Sendable, Equatable {
        case number(UInt64)
        /// At most 127 bytes; longer texts are cut.
        case text(String)
    }

    /// An answer: entries in order, at most 256. nil: the command cannot be answered now, the client reads null.
    public typealias Answer = [(name: String, value: Value)]
    /// Runs on a thread of telemetry while cores poll: it must only read. The parameter is what followed the first comma.
    public typealias Handler = @Sendable (_ parameter: String?) -> Answer?

    private static let handlers = Mutex<[String: Handler]>([:])

    /// Answers `command` from now on; a second handler for the same command takes the place of the first.
    /// - Parameters:
    ///   - command: such as `/wissel/stats`, at most 55 bytes.
    ///   - help: at most 63 bytes, what `/help,COMMAND` answers.
    public static func answer(_ command: String, help: String, with handler: @escaping Handler) throws(EthdevError) {
        let isNew = handlers.withLock { $0.updateValue(handler, forKey: command) == nil }
        guard isNew else { return }
        try check(
            cdpdk_telemetry_register(command, help, respond), "register the telemetry command \(command)",
            remedy: "keep the command under 56 and its help under 64 bytes")
    }

    /// From now on the command answers null; telemetry cannot forget it.
    public static func silence(_ command: String) {
        handlers.withLock { if $0[command] != nil { $0[command] = { _ in nil } } }
    }

    private static let respond: cdpdk_telemetry_handler = { command, parameter, reply in
        guard let handler = handlers.withLock({ $0[String(cString: command)] }),
            let answer = handler(parameter.map { String(cString: $0) })
        else { return false }
        // Too many entries would be refused one by one: null is the honest answer.
        guard answer.count <= Int(cdpdk_telemetry_maximum_entries()) else { return false }
        for entry in answer {
            let failure =
                switch entry.value {
                case .number(let value): cdpdk_telemetry_add_number(reply, entry.name, value)
                case .text(let value): cdpdk_telemetry_add_text(reply, entry.name, value)
                }
            if failure != 0 { return false }
        }
        return true
    }
}

extension EAL {
    /// Directory of this process's run-time files; the telemetry socket lies in it. EAL must run.
    public static var runtimeDirectory: String { String(cString: cdpdk_runtime_directory()) }
}
