import Runtime
import Testing

@Suite struct SeededFaultsTests {
    private static let kinds: [(fault: PacketFaults, rates: FaultRates)] = [
        (.drop, FaultRates(drop: 0.1)), (.duplicate, FaultRates(duplicate: 0.1)), (.reorder, FaultRates(reorder: 0.1)),
        (.corrupt, FaultRates(corrupt: 0.1)), (.truncate, FaultRates(truncate: 0.1)),
    ]

    private func faults(_ rates: FaultRates, seed: UInt64, count: Int = 10_000) -> [PacketFaults] {
        var faults = SeededFaults(rates, seed: seed)
        return (0..<count).map { _ in faults.next() }
    }

    @Test func theSameSeedGivesTheSameFaults() {
        let rates = FaultRates(drop: 0.1, duplicate: 0.1, reorder: 0.1, corrupt: 0.1, truncate: 0.1)
        #expect(faults(rates, seed: 1) == faults(rates, seed: 1))
        #expect(faults(rates, seed: 1) != faults(rates, seed: 2))
    }

    @Test func eachFaultHasItsShareAndMovesNoOther() {
        let all = faults(FaultRates(drop: 0.1, duplicate: 0.1, reorder: 0.1, corrupt: 0.1, truncate: 0.1), seed: 3)
        for (fault, rates) in Self.kinds {
            let alone = faults(rates, seed: 3)
            #expect((900...1_100).contains(alone.count { $0 == fault }), "\(fault)")
            #expect(alone.allSatisfy { $0.isSubset(of: fault) })
            #expect(alone == all.map { $0.intersection(fault) }, "\(fault)")
        }
    }

    @Test func neverAndAlwaysAreMeant() {
        #expect(faults(FaultRates(), seed: 4).allSatisfy { $0.isEmpty })
        #expect(faults(FaultRates(drop: 1, truncate: 1), seed: 4).allSatisfy { $0 == [.drop, .truncate] })
    }
}
