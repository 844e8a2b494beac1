import Orders

/// What the venue commands in the random flow, and what is made wrong on purpose.
extension CommandFlow {
    mutating func phase(_ blank: Command, reopening: Bool) -> Command {
        let opening: [TradingPhase] = [.continuous, .continuous, .continuous, .preOpen, .openingAuction]
        let any = opening + [.closingAuction, .closingAuction, .volatilityInterruption, .halt, .endOfDay, .closed]
        let phase = reopening ? opening[pick(opening.count)] : any[pick(any.count)]
        var command = venue(blank)
        command.kind = .phase
        command.flags = phase.rawValue
        phases[command.instrument] = phase
        return command
    }

    mutating func parameter(_ blank: Command) -> Command {
        var command = venue(blank)
        command.kind = .setInstrument
        let sharing: [InstrumentParameter] = [
            .algorithm, .algorithm, .topMinimum, .topMaximum, .fifoPercent, .minimumAllocation, .leveling, .marketMaker,
        ]
        let rest: [InstrumentParameter] = [
            .list, .priceBand, .tick, .lot, .maximumOrders, .referencePrice, .dynamicRange, .staticRange,
            .interruptionNanoseconds,
        ]
        let all = profile.contains(.parameters) ? sharing + rest : sharing
        let parameter = all[pick(all.count)]
        command.flags = parameter.rawValue | (profile.contains(.sharing) && chance(40) ? 0x80 : 0)
        fill(&command, parameter)
        if chance(4) { command.price = [-1, 1 << 31, .max, .min, 1 << 62, 1 << 33][pick(6)] }
        return command
    }

    private mutating func fill(_ command: inout Command, _ parameter: InstrumentParameter) {
        switch parameter {
        case .none: break
        case .list:
            command.instrument = UInt32(pick(7))
            command.quantity = UInt32(pick(20))
        case .priceBand:
            command.originalClientOrderID = UInt64(bitPattern: chance(20) ? -(1 << 62) : Int64(pick(8)) - 16)
            command.price = chance(20) ? 1 << 62 : Int64(pick(8)) + 9
        case .tick:
            command.originalClientOrderID = UInt64(bitPattern: Int64(pick(24)) - 12)
            command.price = Int64(chance(70) ? 1 : 1 + pick(3))
        case .lot: command.price = Int64(chance(70) ? 1 : 1 + pick(3))
        case .maximumOrders: command.price = Int64(pick(50))
        case .referencePrice: command.price = Int64(pick(9)) - 4
        case .algorithm: command.price = Int64(pick(10))
        case .topMinimum, .topMaximum, .minimumAllocation: command.price = Int64(pick(9))
        case .fifoPercent: command.price = Int64(pick(101))
        case .leveling: command.price = Int64(pick(2))
        case .marketMaker:
            command.clientOrderID = UInt64(1 + pick(5))
            command.price = Int64(pick(80))
        case .dynamicRange, .staticRange: command.price = chance(50) ? 0 : Int64(2 + pick(9))
        case .interruptionNanoseconds: command.price = Int64(pick(500))
        }
    }

    /// Makes one field of one command wrong, or drops the terms before an order.
    mutating func spoil(_ commands: inout [Command]) {
        if commands.count > 1, chance(20) {
            commands.removeFirst()
            return
        }
        var command = commands[pick(commands.count)]
        let place = commands.firstIndex(of: command) ?? 0
        switch pick(16) {
        case 0: command.instrument = chance(50) ? 0 : 9
        case 1: command.side = .none
        case 2: command.timeInForce = TimeInForce.allCases[pick(8)]
        case 3: command.quantity = [0, 0x8000_0000, 0x7FFF_FFFF, .max][pick(4)]
        case 4:
            if (1...5).contains(command.session), chance(50) {
                command.clientOrderID = oldID(&command)
            } else {
                command.clientOrderID = 0
            }
        case 5: command.session = [0, 1_025, .max, 6][pick(4)]
        case 6: command.price = [.max, .min, 1 << 62, -(1 << 62) - 1, 16, 14, 13][pick(7)]
        case 7: command.originalClientOrderID ^= 1 << UInt64(pick(64))
        case 8: command.originalClientOrderID = random.next()
        case 9: command.flags ^= UInt8(1 << pick(8))
        case 10: command.kind = CommandKind.allCases[pick(16)]
        case 11: command.traits = OrderTraits(rawValue: command.originalClientOrderID ^ UInt64(1 + pick(9)))
        case 12: command.originalClientOrderID ^= UInt64(1 + pick(63)) << 8
        case 13: command.quantity |= 1
        case 14: command.clientSequence += 1
        default: command.flags = UInt8(pick(20)) | (chance(20) ? 0x80 : 0)
        }
        commands[place] = command
    }
}
