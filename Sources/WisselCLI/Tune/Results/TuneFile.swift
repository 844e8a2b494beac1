import Foundation
import Runtime

/// The file a tuning keeps its measurements in. Each is on the disk before the next begins.
struct TuneFile {
    struct Failure: Error, CustomStringConvertible { var description: String }

    let path: String

    /// `$XDG_STATE_HOME/wissel/`, or `~/.local/state/wissel/` (XDG Base Directory Specification).
    static var usualPath: String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/state"
        return state + "/wissel/tune-pinning.jsonl"
    }

    /// Goes on with what is there, or begins anew and keeps what is there as FILE.before.
    /// - Returns: what is there, and what a person should know of it.
    func open(_ circumstances: TuneLog.Circumstances, fresh: Bool) throws -> (log: TuneLog, news: [String]) {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let data = FileManager.default.contents(atPath: path)
        var news: [String] = []
        if let data, !data.isEmpty {
            let log = TuneLog(data)
            let reason =
                fresh
                ? "--fresh says so"
                : log.circumstances.map { circumstances.difference(from: $0) }
                    ?? "\(path) does not say what was measured"
            guard let reason else {
                if log.isCutOff {
                    news.append(
                        "the last line of \(path) was cut off while it was written: that measurement is made again")
                    guard truncate(path, log.wholeByteCount) == 0 else { throw failure("cannot be shortened") }
                }
                if log.unreadableLines > 0 {
                    news.append("\(log.unreadableLines) unreadable line(s) of \(path) are passed over")
                }
                if !log.entries.isEmpty { news.append("going on with \(log.entries.count) measurements of \(path)") }
                return (log, news)
            }
            news.append("measuring afresh: \(reason); what was measured before is in \(path).before")
            guard rename(path, path + ".before") == 0 else { throw failure("cannot be renamed") }
        }
        let line = try TuneLog.line(circumstances)
        try append(line)
        return (TuneLog(line), news)
    }

    /// Puts a line at the end, in one piece.
    func append(_ line: Data) throws(Failure) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("cannot be opened") }
        defer { close(descriptor) }
        let count = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count == line.count, fsync(descriptor) == 0 else { throw failure("cannot be written") }
    }

    private func failure(_ what: String) -> Failure {
        Failure(
            description: "\(path) \(what): \(errorText(errno)): give a file that can be written with --results FILE")
    }
}
