import Orders
import Testing

@Suite struct RejectReasonTests {
    /// Part of the order-entry protocol: these numbers never change.
    @Test func rawValues() {
        #expect(
            RejectReason.allCases.map(\.rawValue)
                == Array(0...18) + Array(32...38) + Array(48...54) + [64, 65])
        #expect(RejectReason.unknownOrder.rawValue == 7)
        #expect(RejectReason.quantityAboveMaximum.rawValue == 16)
        #expect(RejectReason.priceOutsideCollar.rawValue == 18)
        #expect(RejectReason.notFillable.rawValue == 34)
        #expect(RejectReason.cancelOnDisconnect.rawValue == 49)
    }

    @Test(arguments: [19, 31, 39, 47, 55, 63, 66, 255] as [UInt8]) func gapsAreRefused(_ raw: UInt8) {
        #expect(RejectReason(rawValue: raw) == nil)
    }
}
