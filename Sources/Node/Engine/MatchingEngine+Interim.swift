import Matching
import Orders

// Stands in for what the engine of all order types offers by itself; this file goes when that engine comes.
extension MatchingEngine {
    init(
        instruments: [InstrumentSpecification], maximumInstruments: Int, maximumOrders: Int, firms: [UInt32: UInt32]
    ) {
        self.init(instruments: instruments)
    }

    var nextDeadlineNanoseconds: UInt64 { .max }
}
