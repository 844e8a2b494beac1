import Runtime

/// One direction of a bad network: loses, doubles and delays datagrams by seed. Time is counted in steps.
struct LossyLink {
    private struct Transit {
        var due: Int
        var datagram: [UInt8]
    }

    private var faults: SeededFaults
    /// How much later what is late arrives.
    private var random: SplitMix64
    private var transits: [Transit] = []
    private(set) var lost = 0
    private(set) var doubled = 0
    private(set) var delayed = 0

    init(faultsPerMille: Int, seed: UInt64) {
        let rate = Double(faultsPerMille) / 1_000
        faults = SeededFaults(FaultRates(drop: rate, duplicate: rate, reorder: rate), seed: seed)
        random = SplitMix64(seed: seed &+ 1)
    }

    var isEmpty: Bool { transits.isEmpty }

    mutating func send(_ datagram: [UInt8], at step: Int) {
        let faults = faults.next()
        if faults.contains(.drop) {
            lost += 1
            return
        }
        transits.append(Transit(due: step + 1, datagram: datagram))
        if faults.contains(.duplicate) {
            doubled += 1
            transits.append(Transit(due: step + Int.random(in: 1...20, using: &random), datagram: datagram))
        }
        if faults.contains(.reorder) {
            delayed += 1
            transits[transits.count - 1].due += Int.random(in: 1...10, using: &random)
        }
    }

    mutating func receive(at step: Int) -> [[UInt8]] {
        let arrived = transits.filter { $0.due <= step }.map(\.datagram)
        transits.removeAll { $0.due <= step }
        return arrived
    }
}
