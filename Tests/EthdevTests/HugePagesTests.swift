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
        #expect(none.message == "no huge pages: running with --no-huge, slower; `wissel plan --hugepages` says how many to reserve")
        let few = HugePageDecision(
            pools: [HugePages.Pool(pageBytes: 2 << 20, node: 0, total: 10, free: 9)], neededMegabytes: 100)
        #expect(few.lack == "only 18 of 100 MB in huge pages" && none.lack == "no huge pages")
        #expect(few.hugePages == .none(megabytes: 100))
        #expect(few.message.hasPrefix("only 18 of 100 MB in huge pages"))
    }
}
