import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct HugePagesTests {
    /// A made-up /sys of two nodes.
    @Test func readsTotalAndNodes() throws {
        let folder = try TemporaryFolder()
        let root = folder.path
        write(root, "kernel/mm/hugepages/hugepages-2048kB", total: "512\n", free: "300\n")
        write(root, "kernel/mm/hugepages/hugepages-1048576kB", total: "2\n", free: "1\n")
        write(root, "kernel/mm/hugepages/hugepages-oddkB", total: "2\n", free: "1\n")
        write(root, "devices/system/node/node1/hugepages/hugepages-2048kB", total: "12\n", free: "0\n")
        write(root, "devices/system/node/node0/hugepages/hugepages-2048kB", total: "500\n", free: "300\n")
        write(root, "devices/system/node/node0/hugepages/hugepages-1048576kB", total: "two\n", free: "1\n")
        let mebibyte = 1 << 20
        let status = HugePages.status(sysPath: root)
        let expected: [HugePages.Pool] = [
            HugePages.Pool(pageBytes: 2 * mebibyte, node: nil, total: 512, free: 300),
            HugePages.Pool(pageBytes: 1024 * mebibyte, node: nil, total: 2, free: 1),
            HugePages.Pool(pageBytes: 2 * mebibyte, node: 0, total: 500, free: 300),
            HugePages.Pool(pageBytes: 2 * mebibyte, node: 1, total: 12, free: 0),
        ]
        #expect(status.pools == expected)
        #expect(status.freeBytes == (600 + 1024) * mebibyte)
    }

    @Test func aKernelWithoutHugePagesHasNoPools() throws {
        let folder = try TemporaryFolder()
        let root = folder.path
        #expect(HugePages.status(sysPath: root).pools.isEmpty)
        #expect(HugePages.status(sysPath: root + "/missing").freeBytes == 0)
    }

    @Test func thisMachineIsConsistent() {
        for pool in HugePages.status().pools {
            #expect(pool.pageBytes > 0 && pool.free >= 0 && pool.free <= pool.total, "\(pool)")
        }
    }

    private func write(_ root: String, _ path: String, total: String, free: String) {
        let directory = "\(root)/\(path)"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try total.write(toFile: "\(directory)/nr_hugepages", atomically: false, encoding: .utf8)
            try free.write(toFile: "\(directory)/free_hugepages", atomically: false, encoding: .utf8)
        } catch {
            Issue.record(error)
        }
    }
}
