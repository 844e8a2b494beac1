import CPlatform
import Glibc

/// Whether the memory of this process stays in RAM. A page that was swapped out, or that nobody has touched yet, costs the
/// packet that meets it microseconds to milliseconds.
public enum MemoryLock: Sendable, Equatable {
    case locked
    /// The process may not; `code` is the errno value.
    case refused(code: Int32)

    /// Locks all memory the process has, and all it will get. For the start of a program that stays.
    public static func take() -> MemoryLock {
        let code = cplatform_lock_memory()
        return code == 0 ? .locked : .refused(code: code)
    }

    /// For people.
    public var text: String {
        switch self {
        case .locked: "locked in RAM, touched at the start"
        case .refused(let code):
            "not locked in RAM (\(errorText(code))): run as root, or raise 'ulimit -l' ('LimitMEMLOCK=infinity')"
        }
    }
}
