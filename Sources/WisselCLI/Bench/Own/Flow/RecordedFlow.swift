import NetStack
import Orders

/// The order flow of a recorded feed as commands of the engine: prices, sides, sizes and the order of events are the
/// capture's.
struct RecordedFlow: Sendable {
    /// Feed and how its messages became commands.
    let source: String
    /// By identifier from 1.
    let instruments: [InstrumentSpecification]
    let commands: [Command]
    /// Between the events of two commands, nanoseconds by the feed's own stamps, sorted.
    let gaps: [UInt64]

    /// Reads a capture of IEX DEEP or of Cboe Futures PITCH, told by what is in it.
    static func read(_ path: String) throws -> RecordedFlow {
        let reader = try CaptureReader(path: path)
        var deep = DEEPFlow()
        var pitch = PITCHFlow()
        while let record = try reader.next() {
            guard let base = record.bytes.baseAddress,
                let range = UDPPayload.range(inFrame: base, length: record.bytes.count)
            else { continue }
            let payload = UnsafeRawBufferPointer(rebasing: record.bytes[range])
            if !deep.take(payload) { pitch.take(payload) }
        }
        let (builder, source) =
            deep.builder.commands.isEmpty
            ? (pitch.builder, PITCHFlow.source) : (deep.builder, DEEPFlow.source)
        guard !builder.commands.isEmpty else {
            throw FlowError(
                description: "\(path): no orders found in \(reader.records) frames; give a capture of IEX DEEP 1.0 or "
                    + "of Cboe Futures Exchange multicast PITCH")
        }
        return builder.flow(source)
    }
}

/// Why a capture gives no flow.
struct FlowError: Error, CustomStringConvertible {
    let description: String
}

/// Collects commands and what the engine must know of their instruments.
struct FlowBuilder {
    private(set) var commands: [Command] = []
    private var instruments: [UInt64: UInt32] = [:]
    private var scales: [UInt32: PriceScale] = [:]
    private var stamps: [UInt64] = []

    /// Identifier of a symbol's instrument.
    mutating func instrument(_ symbol: UInt64) -> UInt32 {
        if let known = instruments[symbol] { return known }
        let next = UInt32(instruments.count + 1)
        instruments[symbol] = next
        return next
    }

    var nextOrderID: UInt64 { UInt64(commands.count + 1) }

    /// Appends a command that lacks number and time.
    mutating func append(_ command: Command, at nanoseconds: UInt64) {
        var command = command
        command.sequence = UInt64(commands.count + 1)
        command.clientSequence = command.sequence
        command.timestampNanoseconds = max(nanoseconds, stamps.last ?? 0)
        command.session = 1
        commands.append(command)
        stamps.append(command.timestampNanoseconds)
        guard command.kind == .newOrder || command.kind == .replace else { return }
        scales[command.instrument, default: PriceScale()].take(command.price)
    }

    /// Prices become multiples of the largest tick that all of an instrument's prices fit.
    func flow(_ source: String) -> RecordedFlow {
        let specifications = (1...UInt32(max(1, instruments.count))).map { id in
            let scale = scales[id, default: PriceScale()]
            let (low, high) = (scale.low / scale.tick, scale.high / scale.tick)
            return InstrumentSpecification(
                id: id, symbol: "F\(id)", minimumPrice: low, maximumPrice: high, referencePrice: low + (high - low) / 2,
                maximumOrders: 1 << 16)
        }
        let gaps = zip(stamps.dropFirst(), stamps).map { $0 - $1 }.sorted()
        let commands = commands.map { command in
            var command = command
            command.price /= scales[command.instrument, default: PriceScale()].tick
            return command
        }
        return RecordedFlow(source: source, instruments: specifications, commands: commands, gaps: gaps)
    }
}

/// Which prices an instrument has.
private struct PriceScale {
    var low: Int64 { least ?? 0 }
    var high: Int64 { most ?? 0 }
    private var least: Int64?
    private var most: Int64?
    /// Greatest common divisor; 1 before the first price.
    var tick: Int64 { max(1, divisor) }
    private var divisor: Int64 = 0

    mutating func take(_ price: Int64) {
        least = min(least ?? price, price)
        most = max(most ?? price, price)
        var (larger, smaller) = (max(divisor, abs(price)), min(divisor, abs(price)))
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        divisor = larger
    }
}
