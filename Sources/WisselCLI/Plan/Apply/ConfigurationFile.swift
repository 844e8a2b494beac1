import Foundation
import Node
import Runtime

/// A configuration file that gets a core plan written into it.
struct ConfigurationFile {
    /// What cannot be written, and the remedy.
    struct Failure: Error, CustomStringConvertible { var description: String }

    /// As given.
    let path: String
    /// The file itself where `path` is a symbolic link.
    private let target: String
    private var backup: String { target + ".before-plan" }

    init(path: String) {
        self.path = path
        let resolved = realpath(path, nil)
        defer { free(resolved) }
        target = resolved.map { String(cString: $0) } ?? path
    }

    /// Puts the plan into the file, and the text before into `FILE.before-plan`; a file that says so already is left alone.
    /// - Returns: a sentence for people.
    func apply(_ plan: CorePlan) throws -> String {
        guard let bytes = FileManager.default.contents(atPath: target) else {
            throw Failure(description: "\(path) cannot be read: check its name and its rights")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "\(path) is not UTF-8: convert it with 'iconv -t utf-8'")
        }
        let result = try CoresEdit.applying(plan, to: text, file: path)
        if result == text { return "\(path) has this plan already: nothing was changed" }
        let state = try checkedState()
        try Self.write(bytes, to: backup, like: state)
        try Self.write(Data(result.utf8), to: target, like: state)
        return "\(path) has the plan; to undo it: mv \(backup) \(target)"
    }

    /// Root may write anything; a file without the right to write was meant to stay as it is all the same.
    private func checkedState() throws(Failure) -> stat {
        var state = stat()
        guard stat(target, &state) == 0 else {
            throw Failure(description: "\(path): \(errorText(errno)): check its name and its rights")
        }
        guard state.st_mode & 0o222 != 0 else {
            throw Failure(description: "\(path) is read-only and was left as it is: chmod u+w \(target)")
        }
        guard access(target, W_OK) == 0 else {
            let remedy = errno == EROFS ? "copy it to a file system that can be written" : "run it as the file's owner"
            throw Failure(
                description: "\(path) cannot be written (\(errorText(errno))) and was left as it is: \(remedy)")
        }
        return state
    }

    /// Whole or not at all: under another name in the same folder first, onto the disk, then in the place of the old.
    private static func write(_ data: Data, to path: String, like state: stat) throws(Failure) {
        let temporary = "\(path).\(getpid()).new"
        func failure(_ step: String) -> Failure {
            let cause = errorText(errno)
            unlink(temporary)
            return Failure(
                description:
                    "\(path) was left as it is: \(step): \(cause): check the rights of the folder and the room "
                    + "on its disk")
        }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("\(temporary) cannot be made") }
        defer { close(descriptor) }
        var written = 0
        while written < data.count {
            let count = data.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, data.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("\(temporary) cannot be written") }
            written += count
        }
        // The owner first: changing it takes away some bits of the mode.
        guard fchown(descriptor, state.st_uid, state.st_gid) == 0 || geteuid() != 0,
            fchmod(descriptor, state.st_mode & 0o7777) == 0
        else { throw failure("owner and mode cannot be kept") }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure("it cannot be replaced") }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
