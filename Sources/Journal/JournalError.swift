import Glibc
import Runtime

/// Why a journal could not be opened, read or closed. The description names the cause and the remedy.
public enum JournalError: Error, Equatable, CustomStringConvertible {
    case invalidConfiguration(key: String, value: Int, expected: String)
    case directoryMissing(path: String)
    case notADirectory(path: String)
    /// No right to open, create or write there; `code` is the errno value.
    case notPermitted(path: String, code: Int32)
    /// Another process writes this journal; nil when it left no number.
    case locked(path: String, processID: Int32?)
    case diskFull(path: String, byteCount: Int)
    /// The asked-for mode does not work here.
    case modeUnavailable(mode: JournalMode, reason: String)
    case unsupportedVersion(path: String, found: UInt16, supported: UInt16)
    case damaged(JournalDamage)
    /// The journal ended before everything it had taken was on the device.
    case notDurable(path: String, durableSequence: UInt64, lastSequence: UInt64)
    /// Another error of the operating system.
    case system(operation: String, path: String, code: Int32)

    public var description: String {
        switch self {
        case .invalidConfiguration(let key, let value, let expected):
            return "journal setting '\(key)' is \(value): write \(expected)"
        case .directoryMissing(let path):
            return "the journal's directory '\(path)' does not exist: create it with 'mkdir -p \(path)', "
                + "on the device the journal is meant for"
        case .notADirectory(let path):
            return "'\(path)' is not a directory: give the journal a directory of its own"
        case .notPermitted(let path, let code):
            return "no right to use '\(path)' (\(errorText(code))): give it to the user of the node ('chown'), "
                + "and see that the file system is not mounted read-only"
        case .locked(let path, let processID):
            let holder = processID.map { "process \($0)" } ?? "another process"
            return "\(holder) is writing the journal in '\(path)': stop it first, or give this node its own directory"
        case .diskFull(let path, let byteCount):
            return "no space for a segment of \(byteCount) bytes at '\(path)': free space there, "
                + "or make the segments smaller"
        case .modeUnavailable(let mode, let reason):
            return "the journal cannot be written in mode '\(mode)': \(reason): allow it, or leave the mode unset"
        case .unsupportedVersion(let path, let found, let supported):
            return "'\(path)' has journal format version \(found), this program reads version \(supported): "
                + "use the release that wrote it, or start with an empty directory and keep this one"
        case .damaged(let damage):
            return damage.description
        case .notDurable(let path, let durableSequence, let lastSequence):
            return "the journal in '\(path)' was closed with records \(durableSequence &+ 1) to \(lastSequence) not on "
                + "the device: they were never acknowledged as journaled; see that the device has space and works"
        case .system(let operation, let path, let code):
            return "\(operation) '\(path)': \(errorText(code)): see the kernel's log ('dmesg') for the device"
        }
    }

    /// The error of a call that returned `code`, with the common causes told apart.
    static func of(_ operation: String, _ path: String, code: Int32, byteCount: Int = 0) -> JournalError {
        switch code {
        case ENOENT: .directoryMissing(path: path)
        case ENOTDIR: .notADirectory(path: path)
        case EACCES, EPERM, EROFS: .notPermitted(path: path, code: code)
        case ENOSPC, EDQUOT: .diskFull(path: path, byteCount: byteCount)
        default: .system(operation: operation, path: path, code: code)
        }
    }
}

/// A place in a journal that was on the device once and cannot be trusted now.
public struct JournalDamage: Error, Equatable, Sendable, CustomStringConvertible {
    public var path: String
    /// Number of the block that should stand there.
    public var blockNumber: UInt64
    /// Byte offset in the file.
    public var offset: Int
    public var fault: JournalBlock.Fault
    /// The first sequence that cannot be read.
    public var firstLostSequence: UInt64
    /// The first sequence that can be read again behind the damage, if any.
    public var nextReadableSequence: UInt64?

    static func missing(_ path: String) -> JournalDamage {
        JournalDamage(
            path: path, blockNumber: 0, offset: 0, fault: .missing, firstLostSequence: 0, nextReadableSequence: nil)
    }

    public var description: String {
        if fault == .missing {
            return "the journal is damaged: '\(path)' is missing, and its records with it. "
                + "Nothing was skipped or changed: restore this file from a copy, then start again"
        }
        let lost =
            switch nextReadableSequence {
            case .some(let next) where next > firstLostSequence: "records \(firstLostSequence) to \(next &- 1) are lost"
            case .some: "no record is lost with it"
            case .none: "records from \(firstLostSequence) on are lost"
            }
        return "the journal is damaged: '\(path)', block \(blockNumber) at byte \(offset): \(words); \(lost). "
            + "Nothing was skipped or changed: restore this file from a copy, then start again"
    }

    private var words: String {
        switch fault {
        case .blank: "the block was wiped to zeros"
        case .checksum: "the checksum does not match the contents"
        case .magic: "these are not the bytes of a journal"
        case .formatVersion: "the format version is another"
        case .layout: "the record count contradicts the contents"
        case .record: "a record is not one this program knows"
        case .misplaced: "a whole block, but not the one that belongs here"
        case .cut: "the file ends inside the block"
        case .missing: "the file is missing"
        }
    }
}
