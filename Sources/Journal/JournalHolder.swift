import Glibc
import Runtime

/// Whether somebody writes a journal at this moment.
public enum JournalHolder {
    /// The process that holds the lock of a journal's directory; nil when none does, or when it cannot be asked. 0 when
    /// one holds it that has not written its number.
    public static func processID(directory: String) -> Int32? {
        let path = directory + "/" + SegmentFile.lockName
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        // The lock that is taken to ask ends with the descriptor.
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return Int32((textFile(path) ?? "").filter(\.isNumber)) ?? 0
    }
}
