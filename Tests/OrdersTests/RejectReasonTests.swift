import Orders
import Testing

@Suite struct RejectReasonTests {
    /// Part of the order-entry protocol: these numbers never change.
    @Test func rawValues() {
        #expect(
            RejectReason.allCases.map(\.rawValue)
                == Array(0...38) + Array(48...54) + Array(56...65) + Array(72...76))
        #expect(RejectReason.unknownOrder.rawValue == 7)
        #expect(RejectReason.quantityAboveMaximum.rawValue == 16)
        #expect(RejectReason.priceOutsideCollar.rawValue == 18)
        #expect(RejectReason.notFillable.rawValue == 34)
        #expect(RejectReason.cancelOnDisconnect.rawValue == 49)
    }

    @Test(arguments: [39, 47, 55, 66, 71, 77, 255] as [UInt8]) func gapsAreRefused(_ raw: UInt8) {
        #expect(RejectReason(rawValue: raw) == nil)
    }
}
