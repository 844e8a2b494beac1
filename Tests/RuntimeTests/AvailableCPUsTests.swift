import CPlatform
import Glibc
import Runtime
import TestSupport
import Testing

@Suite struct AvailableCPUsTests {
    @Test(
        arguments: [
            ([], "none"), ([3], "3"), ([2, 0, 1], "0-2"), ([0, 2, 2, 3, 9], "0,2-3,9"),
        ] as [([Int], String)])
    func writtenLikeTheKernel(numbers: [Int], expected: String) {
        #expect(AvailableCPUs(numbers).description == expected)
    }

    @Test func currentIsPartOfTheMachine() {
        let current = AvailableCPUs.current()
        #expect(current.count > 0)
        #expect(Set(current.numbers).isSubset(of: AvailableCPUs.existing().numbers))
        #expect(current.numbers.allSatisfy(current.contains))
        #expect(!current.contains(-1))
    }

    /// On a thread of its own, because the mask is changed.
    @Test func currentIsTheMaskOfTheThread() {
        final class Seen: @unchecked Sendable {
            let cpu = AvailableCPUs.current().numbers.last!
            var pinned: [Int] = []
        }
        let seen = Seen()
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                let seen = Unmanaged<Seen>.fromOpaque(context!).takeUnretainedValue()
                if cplatform_pin_self(Int32(seen.cpu)) == 0 { seen.pinned = AvailableCPUs.current().numbers }
                return nil
            }, Unmanaged.passUnretained(seen).toOpaque())
        pthread_join(thread, nil)
        #expect(seen.pinned == [seen.cpu])
    }

    /// A machine of 8 CPUs whose scheduler keeps 4-7 free, and a process that has not asked for any of them.
    @Test(
        arguments: [
            ("nothing mounted", [:], "0-7"),
            ("2, as a container sees it", ["proc/self/cgroup": "0::/", "cgroup/cpuset.cpus.effective": "0-5"], "0-5"),
            ("2, the group above", ["proc/self/cgroup": "0::/a/b", "cgroup/a/cpuset.cpus.effective": "4,6"], "0-4,6"),
            ("1", ["proc/self/cgroup": "4:cpuset:/a\n0::/", "cgroup/cpuset/a/cpuset.cpus": "0-3,7"], "0-3,7"),
            ("one is offline", ["sys/devices/system/cpu/online": "0-6"], "0-6"),
            ("none isolated", ["sys/devices/system/cpu/isolated": ""], "0-3"),
        ] as [(String, [String: String], String)])
    func isolatedCPUsMayBeAskedForWhereTheCpusetHasThem(_ row: (name: String, files: [String: String], cpus: String))
        throws
    {
        let folder = try TemporaryFolder()
        var files = [
            "sys/devices/system/cpu/online": "0-7", "sys/devices/system/cpu/isolated": "4-7",
            "proc/self/status": "Name:\twissel\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3",
        ]
        files.merge(row.files) { $1 }
        for (name, text) in files {
            let path = name.hasPrefix("cgroup") ? "sys/fs/" + name : name
            try folder.write(text + "\n", under: path)
        }
        #expect(AvailableCPUs.permitted(root: folder.path).description == row.cpus)
    }

    @Test func withoutIsolatedCPUsItIsTheMask() {
        guard (textFile("/sys/devices/system/cpu/isolated") ?? "").allSatisfy(\.isWhitespace) else { return }
        #expect(AvailableCPUs.permitted() == .current())
    }
}
