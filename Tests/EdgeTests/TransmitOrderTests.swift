import Edge
import Testing

@Suite struct TransmitOrderTests {
    /// One flush against a device that takes `room` frames: what left, such as `o3 c2`; counts what still waits.
    static func flush(
        _ order: inout TransmitOrder, _ orders: inout Int, _ controls: inout Int, _ data: inout Int, room: Int
    ) -> String {
        var room = room
        var left: [String] = []
        order.beginRound()
        while let next = order.next(orderReady: orders, controlReady: controls, marketDataReady: data) {
            let sent = min(room, next.count)
            room -= sent
            order.sent(next.lane, sent)
            switch next.lane {
            case .order: orders -= sent
            case .control: controls -= sent
            case .marketData: data -= sent
            }
            if sent > 0 { left.append("\(["o", "c", "m"][Int(next.lane.rawValue)])\(sent)") }
            if sent < next.count { break }
        }
        return left.joined(separator: " ")
    }

    @Test(arguments: [
        (3, 2, 4, 100, "o3 c2 m4"), (3, 2, 4, 4, "o3 c1"), (3, 2, 4, 6, "o3 c2 m1"), (0, 2, 4, 1, "c1"),
        (0, 0, 4, 9, "m4"), (3, 2, 4, 0, ""), (0, 0, 0, 9, ""),
    ]) func ordersThenControlThenMarketData(_ orders: Int, _ controls: Int, _ data: Int, _ room: Int, _ left: String) {
        var order = TransmitOrder()
        var (orders, controls, data) = (orders, controls, data)
        #expect(Self.flush(&order, &orders, &controls, &data, room: room) == left)
    }

    @Test func aPassedOverClassGetsOneFrameInManyRounds() {
        var order = TransmitOrder(starvationRounds: 3)
        var (orders, controls, data) = (1_000, 10, 10)
        let left = (0..<12).map { _ in Self.flush(&order, &orders, &controls, &data, room: 2) }
        let both = "c1 m1"
        #expect(left == ["o2", "o2", "o2", both, "o2", "o2", "o2", both, "o2", "o2", "o2", both])
        #expect(controls == 7 && data == 7)
    }

    @Test func waitingBeginsAnewWhenNothingWaits() {
        var order = TransmitOrder(starvationRounds: 2)
        var (orders, controls, data) = (100, 1, 0)
        _ = Self.flush(&order, &orders, &controls, &data, room: 1)
        var none = 0
        _ = Self.flush(&order, &orders, &none, &data, room: 1)
        #expect(Self.flush(&order, &orders, &controls, &data, room: 1) == "o1", "one round waited, not two")
    }
}
