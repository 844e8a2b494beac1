import LoadClient
import Testing

@Suite struct LinkFaultsTests {
    /// What comes out of a link when the numbers 0..<count go in, one datagram each, a microsecond apart.
    private func output(_ count: Int, _ options: LinkFaultOptions, seed: UInt64) -> ([UInt64], LinkFaultCounts) {
        var link = LinkFaults(options, seed: seed)
        var received: [UInt64] = []
        for number in 0..<UInt64(count) {
            withUnsafeBytes(of: number) { bytes in
                link.put(bytes, now: number * 1_000)
                while let out = link.take(now: number * 1_000) { received.append(out.loadUnaligned(as: UInt64.self)) }
            }
        }
        while let out = link.take(now: .max) { received.append(out.loadUnaligned(as: UInt64.self)) }
        return (received, link.counts)
    }

    @Test func goodLinkPassesAll() {
        let (received, counts) = output(1_000, .none, seed: 1)
        #expect(received == Array(0..<1_000))
        #expect(counts == LinkFaultCounts(passed: 1_000, dropped: 0, duplicated: 0, reordered: 0))
    }

    @Test func equalSeedsMakeEqualFaults() {
        #expect(output(5_000, .init(), seed: 4) == output(5_000, .init(), seed: 4))
        #expect(output(5_000, .init(), seed: 4).0 != output(5_000, .init(), seed: 5).0)
    }

    @Test func faultsHaveTheirShare() {
        let (received, counts) = output(100_000, .init(), seed: 2)
        for count in [counts.dropped, counts.duplicated, counts.reordered] { #expect((850...1_150).contains(count)) }
        #expect(UInt64(received.count) == 100_000 - counts.dropped + counts.duplicated)
        #expect(counts.passed + counts.dropped == 100_000)
        let inversions = UInt64(zip(received, received.dropFirst()).count { $0 > $1 })
        // The last of all has nothing behind it that could overtake it.
        #expect((inversions...inversions + 1).contains(counts.reordered))
    }

    @Test func everythingDroppedOrDuplicated() {
        let half = output(1_000, LinkFaultOptions(dropShare: 0.5, duplicateShare: 0, reorderShare: 0), seed: 3)
        #expect((400...600).contains(half.1.dropped))
        let twice = output(1_000, LinkFaultOptions(dropShare: 0, duplicateShare: 0.5, reorderShare: 0), seed: 3)
        #expect(Set(twice.0).count == 1_000)
    }

    @Test func heldDatagramLeavesAQuietLinkAfterAMillisecond() {
        var link = LinkFaults(LinkFaultOptions(dropShare: 0, duplicateShare: 0, reorderShare: 0.5), seed: 1)
        while link.counts.reordered == 0 {
            withUnsafeBytes(of: 7) { bytes in
                link.put(bytes, now: 0)
                while link.take(now: 0) != nil {}
            }
        }
        let early = link.take(now: 999_999)?.count
        let onTime = link.take(now: 1_000_000)?.count
        let late = link.take(now: 2_000_000)?.count
        #expect(early == nil)
        #expect(onTime == 8)
        #expect(late == nil)
    }

    @Test func wrongSharesSayWhatToWrite() {
        #expect(LinkFaultOptions(dropShare: 0.6).problem?.contains("drop share 0.6: give") == true)
        #expect(LinkFaultOptions(reorderShare: .nan).problem != nil)
        #expect(LinkFaultOptions().problem == nil)
    }
}
