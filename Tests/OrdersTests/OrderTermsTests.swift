import Orders
import Testing

/// The record of kind `terms` is part of the journal.
@Suite struct OrderTermsTests {
    static let terms = OrderTerms(
        triggerPrice: -2, offset: -3, expireTimeNanoseconds: 0x8000_0000_0000_0004, minimumQuantity: 5, peakRange: 6)

    @Test func comeBackOutOfTheirRecord() {
        let record = Command(terms: Self.terms, session: 7, clientSequence: 8)
        #expect(record.kind == .terms)
        #expect(record.session == 7 && record.clientSequence == 8)
        #expect(OrderTerms(record) == Self.terms)
    }

    @Test func eachTermHasAFieldOfItsOwn() {
        let record = Command(terms: Self.terms, session: 7, clientSequence: 8)
        #expect(record.clientOrderID == UInt64(bitPattern: -2))
        #expect(record.originalClientOrderID == UInt64(bitPattern: -3))
        #expect(record.price == Int64(bitPattern: 0x8000_0000_0000_0004))
        #expect(record.quantity == 5)
        #expect(record.instrument == 6)
        #expect(record.flags == 0 && record.side == .none && record.timeInForce == .none)
    }
}
