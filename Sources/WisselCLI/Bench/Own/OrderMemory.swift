import Glibc
import Matching
import Orders

/// Resident memory per resting order, with the entry that finds it by its identifier.
struct OrderMemory: Sendable {
    let orders: Int
    /// All that became resident from before the engine was made until the last order rested, over the orders: so the
    /// parts that do not grow with them are in it.
    let bytesPerOrder: Double
    /// What became resident while the orders were added.
    let bytesPerOrderWhileAdding: Double

    /// To be called before anything large was given back, because what lies in the allocator's lists is resident already.
    init(orders: Int) {
        self.orders = orders
        var specification = BookShape.fifo(resting: 100).specification
        specification.maximumOrders = orders
        let before = Self.residentBytes()
        var engine = MatchingEngine(instruments: [specification])
        let made = Self.residentBytes()
        for number in 1...UInt64(orders) {
            let side: Side = number & 1 == 0 ? .buy : .sell
            let distance = 1 + Int64(number % 4_000)
            _ = engine.applySilently(
                Command(
                    kind: .newOrder, sequence: number, clientSequence: number, clientOrderID: number,
                    price: BookShape.middlePrice + (side == .buy ? -distance : distance), quantity: 10,
                    session: UInt32(1 + number % 16), instrument: BookShape.instrument, side: side, timeInForce: .day))
        }
        precondition(engine.liveOrderCount == orders, "an order of the memory measurement did not rest")
        let after = Self.residentBytes()
        bytesPerOrder = Double(after - before) / Double(orders)
        bytesPerOrderWhileAdding = Double(after - made) / Double(orders)
    }

    /// The second number of /proc/self/statm, in bytes. Read without allocating more than a moment's memory.
    private static func residentBytes() -> Int {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(file, &text, text.count)
        let words = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) else { return 0 }
        return pages * Int(getpagesize())
    }
}
