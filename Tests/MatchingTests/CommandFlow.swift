import Orders
import Runtime

/// Random commands around a narrow price range: most are good, and every kind of bad one comes up.
struct CommandFlow {
    private var random: SplitMix64
    private var sequence: UInt64 = 0
    private var nextID = [UInt64](repeating: 1, count: 5)

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func pick(_ count: UInt64) -> UInt64 { random.next() % count }

    mutating func next() -> Command {
        sequence += 1
        let session = UInt32(1 + pick(4))
        var command = Command(
            kind: .none, sequence: sequence, timestampNanoseconds: sequence * 10, clientSequence: sequence,
            session: session, instrument: pick(200) == 0 ? 9 : UInt32(1 + pick(2)))
        switch pick(100) {
        case 0..<55:
            command.kind = .newOrder
            command.clientOrderID = newID(session)
            fill(&command)
            command.timeInForce = pick(5) == 0 ? (pick(2) == 0 ? .immediateOrCancel : .fillOrKill) : .day
            if pick(100) == 0 { command.timeInForce = .none }
        case 55..<80:
            command.kind = .cancel
            command.clientOrderID = newID(session)
            command.originalClientOrderID = oldID(session)
        case 80..<99:
            command.kind = .replace
            command.originalClientOrderID = oldID(session)
            command.clientOrderID = pick(4) == 0 ? command.originalClientOrderID : newID(session)
            fill(&command)
        default:
            command.kind = pick(3) == 0 ? .sessionTerminated : .sessionEstablished
            command.flags = pick(2) == 0 ? 0x80 : 0
        }
        return command
    }

    private mutating func fill(_ command: inout Command) {
        command.side = pick(100) == 0 ? .none : pick(2) == 0 ? .buy : .sell
        command.price = Int64(pick(24)) - 12
        command.quantity = pick(100) == 0 ? [0, 0x8000_0000][Int(pick(2))] : UInt32(1 + pick(20))
    }

    private mutating func newID(_ session: UInt32) -> UInt64 {
        if pick(100) == 0 { return pick(2) == 0 ? 0 : oldID(session) }
        nextID[Int(session)] += 1
        return nextID[Int(session)]
    }

    /// One of the session's last identifiers: often a live order.
    private mutating func oldID(_ session: UInt32) -> UInt64 {
        let newest = nextID[Int(session)]
        return newest - min(newest, pick(40))
    }
}
