import Ethdev
import Testing

@Suite struct SecondaryProcessesTests {
    private static let table = """
        proc /proc proc rw,nosuid 0 0
        nodev /mnt/giga hugetlbfs rw,relatime,pagesize=1024M 0 0
        nodev /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0
        nodev /mnt/plain hugetlbfs rw 0 0
        """

    @Test func `mounts and their page sizes are found`() {
        let mounts = SecondaryProcesses.mounts(in: Self.table)
        #expect(mounts.map(\.path) == ["/mnt/giga", "/dev/hugepages", "/mnt/plain"])
        // Without a size the kernel's default counts.
        #expect(mounts.map(\.pageBytes) == [1 << 30, 2 << 20, 2 << 20])
        #expect(SecondaryProcesses.mounts(in: "").isEmpty)
    }
}
