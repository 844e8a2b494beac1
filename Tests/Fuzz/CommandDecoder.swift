import Orders
import TestSupport

/// Makes commands of a fuzzer's bytes: few bytes for what is usual, so that changing one of them changes one thing.
struct CommandDecoder {
    private var reader: InputReader
    /// What the commands name.
    let instruments: [InstrumentSpecification]
    private var sequence: UInt64 = 0
    private var time: UInt64 = 1_000
    /// The newest identifier of each session.
    private var newest = [UInt64](repeating: 0, count: 5)
    /// The price that price 0 stands for, by instrument.
    private var middles: [UInt32: Int64] = [:]
    /// An order behind its terms.
    private var following: Command?

    /// The first byte chooses the instruments.
    init(_ reader: InputReader) {
        self.reader = reader
        let profile = Int(self.reader.byte())
        instruments = FlowProfile.all[profile % FlowProfile.all.count].instruments
    }

    /// The next command, nil when the bytes are used up.
    mutating func next() -> Command? {
        if following == nil, reader.isAtEnd { return nil }
        var command = following ?? read()
        following = nil
        sequence += 1
        time += 1
        command.sequence = sequence
        command.timestampNanoseconds = time
        return command
    }

    /// One byte says what kind of command, whose and for what; the others follow.
    private mutating func read() -> Command {
        let head = reader.byte()
        var command = Command(
            kind: .newOrder, clientSequence: sequence + 1, session: UInt32(1 + head >> 4 & 3),
            instrument: UInt32(1 + head >> 6 & 1), side: head & 0x80 == 0 ? .buy : .sell)
        switch head & 15 {
        case 0..<6: return newOrder(command)
        case 6, 7:
            command.kind = .cancel
            command.clientOrderID = 1 << 40 | sequence
            command.originalClientOrderID = oldID(command.session)
        case 8, 9:
            command.kind = .replace
            command.originalClientOrderID = oldID(command.session)
            command.clientOrderID = newID(command.session)
            command.price = price(command.instrument)
            command.quantity = quantity()
            command.flags = reader.byte() & Command.quantityIsLeaves
        case 10:
            command.kind = .quote
            command.clientOrderID = reader.byte() & 1 == 0 ? newID(command.session) : oldID(command.session)
            command.price = price(command.instrument)
            command.quantity = quantity()
        case 11: massCancel(&command)
        case 12, 13: venue(&command)
        case 14: spoil(&command)
        default: middles[command.instrument, default: 0] += small() * 1_009
        }
        return command
    }

    private mutating func newOrder(_ blank: Command) -> Command {
        var command = blank
        command.clientOrderID = newID(command.session)
        command.price = price(command.instrument)
        command.quantity = quantity()
        let (type, how) = (reader.byte(), reader.byte())
        command.timeInForce = TimeInForce(rawValue: type >> 5) ?? .day
        if command.timeInForce == .none { command.timeInForce = .day }
        let conditions = OrderTraits.Conditions(rawValue: how & 0x3F)
        let display = how & 0x40 == 0 ? 0 : UInt32(reader.byte())
        let selfTrade = type & 0x10 == 0 ? 0 : reader.byte()
        command.traits = OrderTraits(
            OrderType(rawValue: type & 15) ?? .limit, conditions,
            selfTrade: SelfTradePrevention(rawValue: selfTrade % 5) ?? .none, byFirm: selfTrade & 0x80 != 0,
            displayQuantity: display)
        guard how & 0x80 != 0 else { return command }
        var terms = OrderTerms()
        let which = reader.byte()
        if which & 1 != 0 { terms.triggerPrice = price(command.instrument) }
        if which & 2 != 0 { terms.offset = small() }
        if which & 4 != 0 { terms.expireTimeNanoseconds = time + UInt64(reader.byte()) }
        if which & 8 != 0 { terms.minimumQuantity = UInt32(reader.byte()) }
        if which & 16 != 0 { terms.peakRange = UInt32(reader.byte()) }
        command.flags = Command.hasTerms
        command.clientSequence += 1
        following = command
        return Command(terms: terms, session: command.session, clientSequence: command.clientSequence)
    }

    private mutating func massCancel(_ command: inout Command) {
        let what = reader.byte()
        command.kind = .massCancel
        command.clientOrderID = 1 << 41 | sequence
        if what & 3 == 0 { command.side = .none }
        if what & 4 != 0 { command.instrument = 0 }
        if what & 8 != 0 { (command.session, command.clientOrderID) = (0, UInt64(what >> 4 & 3)) }
        guard what & 0x80 != 0 else { return }
        command.flags = Command.hasPriceRange
        command.originalClientOrderID = UInt64(bitPattern: price(max(command.instrument, 1)))
        command.price = price(max(command.instrument, 1))
    }

    /// What the venue or the node itself commands.
    private mutating func venue(_ command: inout Command) {
        let what = reader.byte()
        command.session = 0
        command.clientSequence = 0
        command.side = .none
        switch what & 7 {
        case 0, 1:
            command.kind = .phase
            command.flags = what >> 3
        case 2, 3:
            command.kind = .setInstrument
            command.flags = what >> 3 | reader.byte() & 0x80
            command.price = price(0)
            command.originalClientOrderID = UInt64(bitPattern: price(0))
            command.clientOrderID = UInt64(reader.byte() & 7)
            command.quantity = UInt32(reader.byte() & 31)
            if command.flags == InstrumentParameter.list.rawValue { command.instrument = UInt32(reader.byte() & 7) }
        case 4:
            command.kind = .timer
            time += UInt64(what >> 3) * 20
        case 5: command.kind = .indicate
        case 6:
            command.kind = .sessionTerminated
            command.session = UInt32(what >> 4)
            command.flags = what & 8 != 0 ? 0x80 : 0
        default: command.kind = CommandKind(rawValue: what >> 3) ?? .checkpoint
        }
    }

    /// A good command with one field wrong.
    private mutating func spoil(_ command: inout Command) {
        let (field, bit) = (reader.byte(), UInt64(1) << UInt64(reader.byte() & 63))
        command = read()
        switch field % 12 {
        case 0: command.instrument ^= UInt32(truncatingIfNeeded: bit)
        case 1: command.session ^= UInt32(truncatingIfNeeded: bit)
        case 2: command.clientOrderID ^= bit
        case 3: command.originalClientOrderID ^= bit
        case 4: command.price ^= Int64(bitPattern: bit)
        // Quantities that are none, and the greatest: not of icebergs, whose peaks would be reported one by one.
        case 5: command.quantity = bit & 1 == 0 ? 0 : 0x8000_0000
        case 6: if command.kind == .newOrder, command.traits.displayQuantity == 0 { command.quantity = 0x7FFF_FFFF }
        case 7: command.side = Side(rawValue: UInt8(bit.trailingZeroBitCount) % 3) ?? .none
        case 8: command.timeInForce = TimeInForce(rawValue: UInt8(bit.trailingZeroBitCount) & 7) ?? .none
        case 9: command.flags ^= UInt8(truncatingIfNeeded: bit)
        case 10: command.clientSequence ^= bit
        default: command.kind = CommandKind(rawValue: UInt8(bit.trailingZeroBitCount) % 14) ?? .none
        }
    }

    // MARK: Fields

    /// Mostly near the middle; further away with the upper bits; at last what lies at the ends.
    private mutating func price(_ instrument: UInt32) -> Int64 {
        let byte = reader.byte()
        let near = Int64(byte & 31) - 12
        let far = InstrumentSpecification.priceBound
        if byte >> 5 == 7 {
            return [.max, .min, far, -far, far + 1, -far - 1, 1_000, -1_000][Int(byte & 7)]
        }
        return middles[instrument, default: 0] + near * [1, 1, 1, 1, 3, 300, 100_003][Int(byte >> 5)]
    }

    private mutating func small() -> Int64 { Int64(Int8(bitPattern: reader.byte())) }

    private mutating func quantity() -> UInt32 {
        let byte = reader.byte()
        return UInt32(byte < 0xF0 ? byte & 31 : byte)
    }

    private mutating func newID(_ session: UInt32) -> UInt64 {
        newest[Int(session)] += 1
        return newest[Int(session)]
    }

    /// One of the session's last identifiers.
    private mutating func oldID(_ session: UInt32) -> UInt64 {
        let back = UInt64(reader.byte() & 31)
        return newest[Int(session)] &- min(back, newest[Int(session)])
    }
}
