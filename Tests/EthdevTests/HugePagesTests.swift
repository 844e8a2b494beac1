import Ethdev
import Runtime
import Testing

@Suite struct HugePagesTests {
    @Test func `enough free pages on one node are used`() {
        let decision = HugePageDecision(
            pools: [
                HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 10, free: 10),
                HugePages.Pool(pageBytes: 2 << 20, node: 1, total: 256, free: 200),
            ], neededMegabytes: 400)
        #expect(decision.hugePages == .inMemory)
        #expect(decision.message == "huge pages: 200 free of 2048 kB on node 1")
    }

    @Test func `none or too few mean ordinary memory and a message`() {
        let none = HugePageDecision(pools: [], neededMegabytes: 100)
        #expect(none.hugePages == .none(megabytes: 100))
        #expect(
            none.message
                == "no huge pages: running with --no-huge, slower; `wissel plan --hugepages` says how many to reserve")
        let few = HugePageDecision(
            pools: [HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 10, free: 9)], neededMegabytes: 100)
        #expect(few.lack == "only 18 of 100 MB in huge pages" && none.lack == "no huge pages")
        #expect(few.hugePages == .none(megabytes: 100))
        #expect(few.message.hasPrefix("only 18 of 100 MB in huge pages"))
    }

    @Test func `each node must have what is needed there`() {
        let pools = [
            HugePages.Pool(pageBytes: 2 << 20, node: nil, total: 140, free: 130),
            HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 40, free: 30),
            HugePages.Pool(pageBytes: 2 << 20, node: 1, total: 100, free: 100),
            HugePages.Pool(pageBytes: 1 << 30, node: 1, total: 1, free: 1),
        ]
        let enough = HugePageDecision(pools: pools, needs: [0: 60, 1: 1_000], ordinaryMegabytes: 99)
        #expect(enough.hugePages == .inMemory && enough.lack.isEmpty && enough.pageBytes == 2 << 20)
        #expect(enough.message == "huge pages: 30 free of 2048 kB on node 0, 1 free of 1048576 kB on node 1")
        let few = HugePageDecision(pools: pools, needs: [0: 62, 1: 1_000], ordinaryMegabytes: 99)
        #expect(few.hugePages == .none(megabytes: 99))
        #expect(few.lack == "only 60 of 62 MB in huge pages on node 0")
        let none = HugePageDecision(pools: [], needs: [0: 1], ordinaryMegabytes: 99)
        #expect(none.lack == "no huge pages" && none.hugePages == .none(megabytes: 99))
        // A kernel without nodes shows the machine's pools alone.
        let bare = HugePageDecision(pools: [pools[0]], needs: [0: 260], ordinaryMegabytes: 99)
        #expect(bare.hugePages == .inMemory)
    }
}
