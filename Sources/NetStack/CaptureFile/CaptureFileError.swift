import Glibc
import Runtime

/// Why a capture file could not be opened or read on: the file, the place in it, the cause and what to do.
///
/// Byte positions count in the uncompressed capture, from 0.
public enum CaptureFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refused to open, read, write or create the file.
    case system(path: String, operation: String, errno: Int32)
    /// The file does not start with the magic number of a pcap or pcapng file.
    case notACapture(path: String, magic: UInt32)
    /// The capture was made on a link that carries no Ethernet frames; `linkType` is the number of tcpdump.org's list.
    case linkTypeNotEthernet(path: String, linkType: UInt32)
    /// The file ends inside the header or record that starts at byte `at`.
    case truncated(path: String, at: UInt64)
    /// The record or block that starts at byte `at` says a length that cannot be true.
    case lengthOutOfRange(path: String, at: UInt64, length: UInt64, limit: UInt64)
    /// The Zstandard stream is damaged, found after byte `at` of the capture.
    case compressionDamaged(path: String, at: UInt64, reason: String)

    public var description: String {
        switch self {
        case .system(let path, let operation, let code):
            "\(path): cannot \(operation): \(errorText(code)). Check the path and the rights of this user."
        case .notACapture(let path, let magic):
            """
            \(path): not a capture file (it starts with 0x\(String(magic, radix: 16))). Give a pcap or pcapng file as \
            tcpdump, dpdk-dumpcap or Wireshark write it, plain or compressed with zstd.
            """
        case .linkTypeNotEthernet(let path, let linkType):
            """
            \(path): the capture's link type is \(linkType), only Ethernet (1) can be read. Capture on an Ethernet \
            interface instead of "any", loopback or a tunnel.
            """
        case .truncated(let path, let at):
            """
            \(path): the file ends inside the record that starts at byte \(at); the records before it are whole. \
            Copy or download the file again, or cut it there.
            """
        case .lengthOutOfRange(let path, let at, let length, let limit):
            """
            \(path): the record at byte \(at) says it is \(length) bytes long, possible are at most \(limit). \
            The file is damaged: copy or download it again.
            """
        case .compressionDamaged(let path, let at, let reason):
            """
            \(path): the zstd stream is damaged after byte \(at) of the capture (\(reason)). Copy or download it again; \
            a file made with `zstd --ultra` or `--long` must be recompressed with `zstd -19` or lower.
            """
        }
    }
}
