import Glibc

/// The questions to the kernel that precede opening a device.
enum SystemFile {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isWritableDirectory(_ path: String) -> Bool { access(path, W_OK | X_OK) == 0 }
}
