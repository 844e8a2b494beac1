import Orders
import Testing

@Suite struct StateHashTests {
    private func hash(_ reports: ExecutionReport...) -> UInt64 {
        var hash = StateHash()
        for report in reports { hash.combine(report) }
        return hash.value
    }

    private let report = ExecutionReport(
        kind: .filled, sequence: 7, timestampNanoseconds: 7, reportSequence: 7, clientSequence: 7, orderID: 7,
        clientOrderID: 7, originalClientOrderID: 7, executionID: 7, price: 7, lastQuantity: 7, leavesQuantity: 7,
        cumulativeQuantity: 7, session: 7, instrument: 7, side: .buy, flags: .aggressor)

    @Test func everyBitOfAReportCountsButTheMarksOfItsWayOut() {
        var seen: Set<UInt64> = [hash(report)]
        let bits = MemoryLayout<ExecutionReport>.offset(of: \.kind)! * 8
        for bit in 0..<bits {
            var changed = report
            withUnsafeMutableBytes(of: &changed) { $0[bit / 8] ^= 1 << UInt8(bit % 8) }
            seen.insert(hash(changed))
        }
        for kind in ReportKind.allCases where kind != report.kind {
            var changed = report
            changed.kind = kind
            seen.insert(hash(changed))
        }
        var changed = report
        changed.side = .sell
        seen.insert(hash(changed))
        changed.reason = RejectReason.allCases.last!
        seen.insert(hash(changed))
        #expect(seen.count == bits + ReportKind.allCases.count + 2)
        var sent = report
        sent.flags.formUnion([.possibleDuplicate, .journaled])
        #expect(hash(sent) == hash(report))
        sent.flags.remove(.aggressor)
        #expect(!seen.contains(hash(sent)))
    }

    @Test func theSameInAnotherPlaceIsSomethingElse() {
        var one = report
        var other = report
        (one.orderID, one.clientOrderID) = (1, 2)
        (other.orderID, other.clientOrderID) = (2, 1)
        #expect(hash(one) != hash(other), "words of a report")
        #expect(hash(one, other) != hash(other, one), "reports of a stream")
        #expect(hash(one, one) != hash(one))
    }

    /// On every machine and in every build.
    @Test func aKnownStreamHasAKnownHash() {
        #expect(String(hash(report, report), radix: 16) == "9fab42e2d9387cbb")
    }
}
