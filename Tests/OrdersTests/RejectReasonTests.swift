import Orders
import Testing

@Suite struct RejectReasonTests {
    /// Part of the order-entry protocol: these numbers never change.
    @Test func rawValues() {
        #expect(
            RejectReason.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 32, 33, 34, 48, 49])
        #expect(RejectReason.unknownOrder.rawValue == 7)
        #expect(RejectReason.quantityAboveMaximum.rawValue == 16)
        #expect(RejectReason.priceOutsideCollar.rawValue == 18)
        #expect(RejectReason.notFillable.rawValue == 34)
        #expect(RejectReason.cancelOnDisconnect.rawValue == 49)
    }

    @Test(arguments: [8, 15, 19, 31, 35, 47, 50, 255] as [UInt8]) func gapsAreRefused(_ raw: UInt8) {
        #expect(RejectReason(rawValue: raw) == nil)
    }
}
