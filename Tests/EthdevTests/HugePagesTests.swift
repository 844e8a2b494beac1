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
        #expect(none.message == "no huge pages: running with --no-huge, slower; `hugepages/reserve` gives them")
        let few = HugePageDecision(
            pools: [HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 10, free: 9)], neededMegabytes: 100)
        #expect(few.lack == "only 18 of 100 MB in huge pages" && none.lack == "no huge pages")
        #expect(few.hugePages == .none(megabytes: 100))
        #expect(few.message.hasPrefix("only 18 of 100 MB in huge pages"))
    }

    @Test func `each NIC's memory must be on its own node`() {
        func pools(_ first: Int, _ second: Int) -> [HugePages.Pool] {
            [
                HugePages.Pool(pageBytes: 2 << 20, node: nil, total: 400, free: first + second),
                HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 200, free: first),
                HugePages.Pool(pageBytes: 2 << 20, node: 1, total: 200, free: second),
            ]
        }
        let needs = [HugePageDecision.Need(node: 0, megabytes: 100), .init(node: 1, megabytes: 100)]
        let both = HugePageDecision(pools: pools(60, 50), needs: needs, ordinaryMegabytes: 300)
        #expect(both.hugePages == .inMemory && both.lack.isEmpty)
        #expect(both.message == "huge pages: 60 free of 2048 kB on node 0; 50 free of 2048 kB on node 1")
        let one = HugePageDecision(pools: pools(200, 49), needs: needs, ordinaryMegabytes: 300)
        #expect(one.hugePages == .none(megabytes: 300))
        #expect(one.lack == "only 98 of 100 MB in huge pages on node 1")
    }
}
