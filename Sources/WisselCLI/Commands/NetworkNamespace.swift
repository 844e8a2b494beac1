import CPlatform
import Glibc
import Runtime

/// A network namespace of the process's own: TAP devices and traffic in it reach nothing outside, and it goes with the
/// process.
enum NetworkNamespace {
    struct Failure: Error, CustomStringConvertible {
        var code: Int32
        var description: String {
            "a network namespace of its own was refused: \(errorText(code)). "
                + "It needs root (CAP_SYS_ADMIN): run with sudo, or without isolation"
        }
    }

    /// Moves the calling thread, and the threads it starts from now on, to a new namespace whose `lo` is up.
    /// Call it before any other thread is started.
    static func enter() throws(Failure) {
        let code = cplatform_unshare_network()
        guard code == 0 else { throw Failure(code: code) }
    }
}
