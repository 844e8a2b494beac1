import Orders
import Runtime

/// Random commands around a narrow range of prices, numbered and timed as a sequencer would: most are good, and every kind of
/// bad one comes up.
public struct CommandFlow {
    let profile: FlowProfile
    var random: SplitMix64
    var sequence: UInt64 = 0
    var time: UInt64 = 1_000
    /// The newest identifier of each session.
    private var newest = [UInt64](repeating: 1, count: 6)
    /// Identifiers of each session that orders may live under.
    private var recent = [[(id: UInt64, instrument: UInt32)]](repeating: [], count: 6)
    /// What follows the command just given: an order behind its terms.
    private var following: [Command] = []
    /// The phase each instrument was last put into.
    var phases: [UInt32: TradingPhase] = [:]

    /// Sequence of the last command given.
    public var lastSequence: UInt64 { sequence }

    public init(seed: UInt64, profile: FlowProfile) {
        self.profile = profile
        random = SplitMix64(seed: seed &* 0x1_0001 &+ UInt64(profile.rawValue))
    }

    mutating func pick(_ count: Int) -> Int { random.next(below: count) }
    mutating func chance(_ percent: Int) -> Bool { pick(100) < percent }

    public mutating func next() -> Command {
        if following.isEmpty { following = commands() }
        var command = following.removeFirst()
        sequence += 1
        time += UInt64(chance(3) ? 100 : pick(8))
        command.sequence = sequence
        command.timestampNanoseconds = time
        return command
    }

    private mutating func commands() -> [Command] {
        var commands = goodCommands()
        if profile.contains(.invalid), chance(12) { spoil(&commands) }
        return commands
    }

    private mutating func goodCommands() -> [Command] {
        var command = Command(
            kind: .none, clientSequence: sequence + 1, session: UInt32(1 + pick(5)), instrument: UInt32(1 + pick(2)))
        if let special = specialCommand(command) { return [special] }
        switch pick(100) {
        case 0..<52:
            return newOrder(command)
        case 52..<82:
            command.kind = .cancel
            command.clientOrderID = 1 << 40 | sequence
            command.originalClientOrderID = oldID(&command, forgets: chance(80))
        default:
            command.kind = .replace
            command.originalClientOrderID = oldID(&command, forgets: true)
            command.clientOrderID = chance(25) ? command.originalClientOrderID : newID(command)
            remember(command)
            command.price = price()
            command.quantity = quantity(command.instrument)
            if profile != .plain, chance(40) { command.flags = Command.quantityIsLeaves }
            if chance(profile == .plain ? 0 : 3) { command.price = chance(50) ? .max : .min }
        }
        return [command]
    }

    /// What is neither an order nor a request about one, sometimes.
    private mutating func specialCommand(_ blank: Command) -> Command? {
        let isShut = phases[blank.instrument].map { !$0.takesOrders } ?? false
        if isShut, chance(25) { return phase(blank, reopening: true) }
        if profile.contains(.auctions), chance(3) { return phase(blank, reopening: false) }
        if profile.contains(.auctions), chance(2) {
            var command = blank
            command.kind = .indicate
            return venue(command)
        }
        if profile.contains(.interruptions), chance(1) { return phase(blank, reopening: true) }
        if profile.contains(.quotes), chance(14) { return quote(blank) }
        if profile.contains(.quotes), chance(2) { return massCancel(blank) }
        if profile.contains(.time), chance(5) {
            var command = venue(blank)
            command.kind = .timer
            return command
        }
        if profile.contains(.parameters) || profile.contains(.sharing), chance(2) { return parameter(blank) }
        guard chance(1) else { return nil }
        var command = blank
        command.kind = [CommandKind.sessionTerminated, .sessionEstablished, .checkpoint, .none][pick(4)]
        command.flags = chance(50) ? 0x80 : 0
        return command
    }

    /// A command the node makes itself.
    func venue(_ command: Command) -> Command {
        var command = command
        command.session = 0
        command.clientSequence = 0
        return command
    }

    mutating func price() -> Int64 {
        if chance(1) {
            let far = InstrumentSpecification.priceBound
            return [far, -far, far + 1, -far - 1, 1_000, -1_000][pick(6)]
        }
        return Int64(pick(19)) - 9
    }

    mutating func quantity(_ instrument: UInt32) -> UInt32 {
        let quantity = UInt32(1 + (chance(10) ? pick(60) : pick(16)))
        let hasLots = instrument == 2 && (profile.contains(.parameters) || profile.contains(.invalid))
        return hasLots && !chance(3) ? quantity * 2 : quantity
    }

    /// An identifier for an order, rarely one that cannot be.
    mutating func newID(_ command: Command) -> UInt64 {
        var command = command
        if chance(1) { return chance(50) ? 0 : oldID(&command) }
        newest[Int(command.session)] += 1
        return newest[Int(command.session)]
    }

    /// An order may live under this identifier now.
    mutating func remember(_ command: Command) {
        recent[Int(command.session)].append((command.clientOrderID, command.instrument))
        if recent[Int(command.session)].count > 24 { recent[Int(command.session)].removeFirst() }
    }

    /// One of the session's last identifiers, often of a live order; mostly the command is for its instrument then.
    mutating func oldID(_ command: inout Command, forgets: Bool = false) -> UInt64 {
        let known = recent[Int(command.session)]
        if known.isEmpty || chance(2) { return newest[Int(command.session)] / 2 }
        let place = pick(known.count)
        if forgets { recent[Int(command.session)].remove(at: place) }
        if !chance(3) { command.instrument = known[place].instrument }
        return known[place].id
    }
}
