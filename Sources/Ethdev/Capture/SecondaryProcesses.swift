import CDPDK
import Glibc
import Runtime

/// Whether processes such as dpdk-dumpcap, dpdk-pdump and dpdk-proc-info can attach to this one.
///
/// They map the same huge pages, so these must be files of a hugetlbfs (`EALOptions.HugePages.shared`); memory without
/// names and ordinary memory cannot be mapped by another process. A capture from inside (`CaptureSession`) needs none of it.
public enum SecondaryProcesses {
    /// Answers their requests for packet capture. Once, after EAL has started with `.shared`.
    public static func allowCapture() throws(EthdevError) {
        guard let options = EAL.runningOptions else { throw EAL.notStarted(attempt: "let dpdk-dumpcap attach") }
        guard options.hugePages == .shared else {
            throw EthdevError(
                .environment, attempt: "let dpdk-dumpcap attach", cause: "the memory of this process is private",
                remedy: "start EAL with EALOptions.HugePages.shared")
        }
        try check(cdpdk_pdump_start(), "let dpdk-dumpcap attach (rte_pdump_init)", remedy: "see DPDK's message above")
    }

    /// A mounted hugetlbfs with pages of this size; nil when there is none.
    public static func hugePageMount(pageBytes: Int) -> String? {
        mounts(in: textFile("/proc/self/mounts") ?? "").first { $0.pageBytes == pageBytes }?.path
    }

    /// Removes the names of this process's shared pages, so that the kernel has them back when the last process that maps
    /// them ends; EAL leaves that to the next start with the same file prefix. Nobody can attach afterwards.
    public static func removePages() {
        guard let options = EAL.runningOptions, options.hugePages == .shared else { return }
        for mount in mounts(in: textFile("/proc/self/mounts") ?? "") {
            for name in directoryNames(mount.path) where name.hasPrefix(options.filePrefix + "map_") {
                unlink(mount.path + "/" + name)
            }
        }
    }

    /// - Parameter table: the text of /proc/self/mounts; a mount without `pagesize=` has the kernel's default, 2 MiB.
    public static func mounts(in table: String) -> [(path: String, pageBytes: Int)] {
        table.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 4, fields[2] == "hugetlbfs" else { return nil }
            let size = fields[3].split(separator: ",").first { $0.hasPrefix("pagesize=") }?.dropFirst(9)
            return bytes(size ?? "2M").map { (String(fields[1]), $0) }
        }
    }

    private static func bytes(_ text: Substring) -> Int? {
        let shift = ["K": 10, "M": 20, "G": 30][text.suffix(1).uppercased()]
        return shift.flatMap { shift in Int(text.dropLast()).map { $0 << shift } } ?? Int(text)
    }
}
