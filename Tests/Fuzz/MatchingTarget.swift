import Orders
import Runtime
import TestSupport

/// A day of two instruments: the matching engine against the naive exchange, command by command.
final class MatchingTarget: FuzzTarget {
    /// More would make an input slow, not different.
    private static let maximumCommands = 400

    /// A row of random commands for each kind of instruments.
    var seeds: [[UInt8]] {
        FlowProfile.all.indices.map { number in
            var random = SplitMix64(seed: UInt64(number))
            return [UInt8(number)] + (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        var decoder = CommandDecoder(InputReader(input))
        let instruments = decoder.instruments
        var run = TwinRun(
            engine: {
                .engine(
                    instruments, maximumInstruments: FlowProfile.maximumInstruments,
                    maximumOrders: FlowProfile.maximumOrders)
            }, judge: { .naive(instruments, maximumOrders: FlowProfile.maximumOrders) })
        run.stateInterval = 8
        let commands = AnyIterator { decoder.next() }.prefix(Self.maximumCommands)
        if let difference = run.run(commands, named: "matching") { Fuzz.stop("the twins differ: \(difference)") }
    }
}
