import Glibc

/// A small file system in memory, unmounted and removed at the end.
public final class SmallDisk {
    private let folder: TemporaryFolder
    public var path: String { folder.path }

    public init?(megabytes: Int = 2) {
        guard let folder = try? TemporaryFolder(),
            mount("tmpfs", folder.path, "tmpfs", 0, "size=\(megabytes)m") == 0
        else { return nil }
        self.folder = folder
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Mounting takes a right that not every machine gives its tests.
    public static let isPossible = SmallDisk() != nil

    /// Takes all the space that is left.
    public func fill() {
        let descriptor = open(path + "/filler", O_WRONLY | O_CREAT, 0o640)
        let bytes = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, bytes, bytes.count) > 0 {}
        close(descriptor)
    }

    public func free() { unlink(path + "/filler") }
}
