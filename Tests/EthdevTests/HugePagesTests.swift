import Ethdev
import Foundation
import Testing

@Suite struct HugePagesTests {
    @Test func `enough free pages on one node are used`() {
        let decision = HugePageDecision(
            status: [
                HugePageStatus(node: 0, pageKilobytes: 2048, total: 10, free: 10),
                HugePageStatus(node: 1, pageKilobytes: 2048, total: 256, free: 200),
            ], neededMegabytes: 400)
        #expect(decision.hugePages == .inMemory)
        #expect(decision.message == "huge pages: 200 free of 2048 kB on node 1")
    }

    @Test func `none or too few mean ordinary memory and a message`() {
        let none = HugePageDecision(status: [], neededMegabytes: 100)
        #expect(none.hugePages == .none(megabytes: 100))
        #expect(none.message == "no huge pages: running with --no-huge, slower; `hugepages/reserve` gives them")
        let few = HugePageDecision(
            status: [HugePageStatus(node: 0, pageKilobytes: 2048, total: 10, free: 9)], neededMegabytes: 100)
        #expect(few.hugePages == .none(megabytes: 100))
        #expect(few.message.hasPrefix("only 18 of 100 MB in huge pages"))
    }

    @Test func `status is read from the kernel's tree`() throws {
        let root = NSTemporaryDirectory() + "wissel-nodes-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (node, free) in [(0, 3), (1, 5)] {
            let directory = "\(root)/node\(node)/hugepages/hugepages-2048kB"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try "8\n".write(toFile: directory + "/nr_hugepages", atomically: false, encoding: .utf8)
            try "\(free)\n".write(toFile: directory + "/free_hugepages", atomically: false, encoding: .utf8)
        }
        #expect(
            HugePageStatus.read(root: root) == [
                HugePageStatus(node: 0, pageKilobytes: 2048, total: 8, free: 3),
                HugePageStatus(node: 1, pageKilobytes: 2048, total: 8, free: 5),
            ])
        #expect(HugePageStatus.read(root: root + "/nowhere") == [])
    }
}
