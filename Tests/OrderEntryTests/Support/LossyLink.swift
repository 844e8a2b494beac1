/// One direction of a bad network: loses, doubles and delays datagrams by seed. Time is counted in steps.
struct LossyLink {
    private struct Transit {
        var due: Int
        var datagram: [UInt8]
    }

    let faultsPerMille: Int
    private var random: Random
    private var transits: [Transit] = []
    private(set) var lost = 0
    private(set) var doubled = 0
    private(set) var delayed = 0

    init(faultsPerMille: Int, seed: UInt64) {
        self.faultsPerMille = faultsPerMille
        random = Random(seed: seed)
    }

    var isEmpty: Bool { transits.isEmpty }

    mutating func send(_ datagram: [UInt8], at step: Int) {
        if random.hits(perMille: faultsPerMille) {
            lost += 1
            return
        }
        transits.append(Transit(due: step + 1, datagram: datagram))
        if random.hits(perMille: faultsPerMille) {
            doubled += 1
            transits.append(Transit(due: step + Int.random(in: 1...20, using: &random), datagram: datagram))
        }
        if random.hits(perMille: faultsPerMille) {
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
