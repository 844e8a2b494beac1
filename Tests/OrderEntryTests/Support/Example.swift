import OrderEntry
import Orders
import Testing

/// One message of each type with a different value in every field, as the code writes it, and the same bytes made
/// independently with Python's `struct`.
struct Example: Sendable, CustomTestStringConvertible {
    var type: MessageType
    var bytes: [UInt8]
    /// Value of each field by its name in the specification, as little-endian bytes cut to the field's size.
    var fields: [String: UInt64]
    var golden: String

    var testDescription: String { "\(type)" }

    static let session: UInt32 = 0x0A0B_0C0D
    static let version: UInt64 = 0x1122_3344_5566_7788

    static let newOrder = Command(
        kind: .newOrder, clientSequence: 5, clientOrderID: 0xA1A2_A3A4_A5A6_A7A8, price: -2, quantity: 300,
        session: session, instrument: 7, side: .buy, timeInForce: .immediateOrCancel)
    static let cancel = Command(
        kind: .cancel, clientSequence: 6, clientOrderID: 0xB1, originalClientOrderID: 0xA1A2_A3A4_A5A6_A7A8,
        session: session, instrument: 7, side: .sell)
    static let replace = Command(
        kind: .replace, clientSequence: 7, clientOrderID: 0xB2, originalClientOrderID: 0xA1A2_A3A4_A5A6_A7A8,
        price: 12_345_678_901, quantity: 400, session: session, instrument: 7, side: .sell, timeInForce: .fillOrKill,
        flags: Command.quantityIsLeaves)
    static let terms = OrderTerms(
        triggerPrice: -4, offset: -5, expireTimeNanoseconds: 1_700_000_000_000_000_002, minimumQuantity: 60,
        peakRange: 70)
    static let newOrderTerms = Command(
        kind: .newOrder, clientSequence: 8, clientOrderID: 0xC1,
        originalClientOrderID: OrderTraits(
            .stop, .randomPeak, selfTrade: .cancelOldest, byFirm: true, displayQuantity: 50
        ).rawValue, price: -3, quantity: 500, session: session, instrument: 7, side: .buy, timeInForce: .goodTillDate,
        flags: Command.hasTerms)
    static let quote = Command(
        kind: .quote, clientSequence: 9, clientOrderID: 0xC2,
        originalClientOrderID: OrderTraits(.limit, .secondBook).rawValue, price: -6, quantity: 600, session: session,
        instrument: 7, side: .sell, timeInForce: .day)
    static let massCancel = Command(
        kind: .massCancel, clientSequence: 10, clientOrderID: 0xC3,
        originalClientOrderID: UInt64(bitPattern: -7), price: 8, session: session, instrument: 7, side: .buy,
        flags: Command.hasPriceRange)
    static let report = ExecutionReport(
        kind: .partiallyFilled, sequence: 1_001, timestampNanoseconds: 1_700_000_000_000_000_001, reportSequence: 8,
        clientSequence: 5, orderID: 1_001, clientOrderID: 0xB2, originalClientOrderID: 0xB1, executionID: 17, price: -2,
        lastQuantity: 10, leavesQuantity: 20, cumulativeQuantity: 30, session: session, instrument: 7, side: .sell,
        reason: .quantityAboveMaximum, flags: [.aggressor, .possibleDuplicate, .journaled])
    static let establish = EstablishRequest(
        session: session, participant: 0x0102_0304, cancelsOnDisconnect: true, heartbeatMilliseconds: 1_500,
        sessionVersion: version, nextReportSequence: 42, accessKey: EstablishRequest.InlineKey(1...32))
    static let ack = EstablishAck(
        session: session, nextClientSequence: 9, nextReportSequence: 43, sessionVersion: version,
        heartbeatMilliseconds: 1_500, acknowledgementMode: 1)

    static let all: [Example] = [
        Example(
            type: .establish, bytes: encoded { establish.encode(into: $0) },
            fields: [
                "participant": 0x0102_0304, "flags": 1, "heartbeatMilliseconds": 1_500, "sessionVersion": version,
                "nextReportSequence": 42, "accessKey": 0x0807_0605_0403_0201,
            ],
            golden: "500001010d0c0b0a00000000000000000403020101000000dc050000000000008877665544332211"
                + "2a000000000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"),
        Example(
            type: .establishAck, bytes: encoded { ack.encode(into: $0) },
            fields: [
                "nextClientSequence": 9, "nextReportSequence": 43, "sessionVersion": version,
                "heartbeatMilliseconds": 1_500, "acknowledgementMode": 1,
            ],
            golden: "300002010d0c0b0a000000000000000009000000000000002b00000000000000"
                + "8877665544332211dc05000001000000"),
        Example(
            type: .establishReject,
            bytes: encoded {
                SessionMessage.encodeEstablishReject(
                    session: session, sessionVersion: version, reason: .heartbeatInvalid, into: $0)
            }, fields: ["sessionVersion": version, "reason": 2],
            golden: "200003010d0c0b0a000000000000000088776655443322110200000000000000"),
        Example(
            type: .heartbeat,
            bytes: encoded { SessionMessage.encodeHeartbeat(session: session, nextSequence: 77, into: $0) },
            fields: [:], golden: "100004010d0c0b0a4d00000000000000"),
        Example(
            type: .terminate,
            bytes: encoded { SessionMessage.encodeTerminate(session: session, reason: .replaced, into: $0) },
            fields: ["reason": 5], golden: "180005010d0c0b0a00000000000000000500000000000000"),
        Example(
            type: .retransmitRequest,
            bytes: encoded { SessionMessage.encodeRetransmitRequest(session: session, from: 100, count: 64, into: $0) },
            fields: ["from": 100, "count": 64],
            golden: "200006010d0c0b0a000000000000000064000000000000004000000000000000"),
        Example(
            type: .retransmitReject,
            bytes: encoded {
                SessionMessage.encodeRetransmitReject(
                    session: session, from: 100, oldest: 512, reason: .tooOld, into: $0)
            }, fields: ["from": 100, "oldest": 512, "reason": 1],
            golden: "280007010d0c0b0a0000000000000000640000000000000000020000000000000100000000000000"),
        Example(
            type: .notApplied,
            bytes: encoded { SessionMessage.encodeNotApplied(session: session, expected: 12, reason: .busy, into: $0) },
            fields: ["expected": 12, "reason": 4],
            golden: "200008010d0c0b0a00000000000000000c000000000000000400000000000000"),
        Example(
            type: .newOrder, bytes: encoded(newOrder),
            fields: [
                "clientOrderID": 0xA1A2_A3A4_A5A6_A7A8, "price": UInt64(bitPattern: -2), "quantity": 300,
                "instrument": 7, "side": 1, "timeInForce": 2,
            ],
            golden: "300010010d0c0b0a0500000000000000a8a7a6a5a4a3a2a1feffffffffffffff2c010000070000000102000000000000"),
        Example(
            type: .cancel, bytes: encoded(cancel),
            fields: [
                "clientOrderID": 0xB1, "originalClientOrderID": 0xA1A2_A3A4_A5A6_A7A8, "instrument": 7, "side": 2,
            ], golden: "280011010d0c0b0a0600000000000000b100000000000000a8a7a6a5a4a3a2a10700000002000000"),
        Example(
            type: .replace, bytes: encoded(replace),
            fields: [
                "clientOrderID": 0xB2, "originalClientOrderID": 0xA1A2_A3A4_A5A6_A7A8, "price": 12_345_678_901,
                "instrument": 7, "side": 2, "timeInForce": 3, "flags": 1,
                "quantity": 400,
            ],
            golden: "380012010d0c0b0a0700000000000000b200000000000000a8a7a6a5a4a3a2a1351cdcdf02000000"
                + "90010000070000000203010000000000"),
        Example(
            type: .newOrderTerms, bytes: encoded { OrderMessage.encode(newOrderTerms, terms: terms, into: $0) },
            fields: [
                "clientOrderID": 0xC1, "traits": 0x0000_0032_0082_1003, "price": UInt64(bitPattern: -3),
                "triggerPrice": UInt64(bitPattern: -4), "offset": UInt64(bitPattern: -5),
                "expireTimeNanoseconds": 1_700_000_000_000_000_002, "quantity": 500, "instrument": 7,
                "minimumQuantity": 60, "peakRange": 70, "side": 1, "timeInForce": 5,
            ],
            golden: "580013010d0c0b0a0800000000000000c1000000000000000310820032000000fdffffffffffffff"
                + "fcfffffffffffffffbffffffffffffff02002a36fe9c9717f4010000070000003c00000046000000"
                + "0105000000000000"),
        Example(
            type: .quote, bytes: encoded(quote),
            fields: [
                "clientOrderID": 0xC2, "price": UInt64(bitPattern: -6), "quantity": 600, "instrument": 7, "side": 2,
                "flags": 1,
            ],
            golden: "300014010d0c0b0a0900000000000000c200000000000000faffffffffffffff58020000070000000201000000000000"),
        Example(
            type: .massCancel, bytes: encoded(massCancel),
            fields: [
                "clientOrderID": 0xC3, "lowestPrice": UInt64(bitPattern: -7), "highestPrice": 8, "instrument": 7,
                "side": 1, "flags": 1,
            ],
            golden: "300015010d0c0b0a0a00000000000000c300000000000000f9ffffffffffffff08000000000000000700000001010000"),
        Example(
            type: .executionReport, bytes: encoded { ExecutionReportMessage.encode(report, into: $0) },
            fields: [
                "sequence": 1_001, "timestampNanoseconds": 1_700_000_000_000_000_001, "clientSequence": 5,
                "orderID": 1_001, "clientOrderID": 0xB2, "originalClientOrderID": 0xB1, "executionID": 17,
                "price": UInt64(bitPattern: -2), "lastQuantity": 10, "leavesQuantity": 20, "cumulativeQuantity": 30,
                "instrument": 7, "kind": 3, "side": 2, "reason": 16, "flags": 7,
            ],
            golden: "680020010d0c0b0a0800000000000000e90300000000000001002a36fe9c97170500000000000000"
                + "e903000000000000b200000000000000b1000000000000001100000000000000feffffffffffffff"
                + "0a000000140000001e000000070000000302100700000000"),
    ]
}
