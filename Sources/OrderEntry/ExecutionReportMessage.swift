import Orders

/// The execution report on the wire: 104 bytes, everything of `ExecutionReport`.
public enum ExecutionReportMessage {
    /// Writes a numbered report; returns 104.
    /// - Parameter marks: flags that it bears on its way out only, besides its own.
    @discardableResult
    @inlinable public static func encode(
        _ report: borrowing ExecutionReport, adding marks: ExecutionReport.Flags = [],
        into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let length = MessageHeader.write(
            .executionReport, session: report.session, sequence: report.reportSequence, to: bytes)
        bytes.put(report.sequence, 16)
        bytes.put(report.timestampNanoseconds, 24)
        bytes.put(report.clientSequence, 32)
        bytes.put(report.orderID, 40)
        bytes.put(report.clientOrderID, 48)
        bytes.put(report.originalClientOrderID, 56)
        bytes.put(report.executionID, 64)
        bytes.put(UInt64(bitPattern: report.price), 72)
        bytes.put(report.lastQuantity, 80)
        bytes.put(report.leavesQuantity, 84)
        bytes.put(report.cumulativeQuantity, 88)
        bytes.put(report.instrument, 92)
        bytes.put(report.kind.rawValue, 96)
        bytes.put(report.side.rawValue, 97)
        bytes.put(report.reason.rawValue, 98)
        bytes.put(report.flags.rawValue | marks.rawValue, 99)
        return length
    }

    /// Reads a checked message of type executionReport; kinds, sides and reasons unknown here become `.none`.
    public static func decode(_ bytes: UnsafeRawPointer) -> ExecutionReport {
        ExecutionReport(
            kind: ReportKind(rawValue: bytes.u8(96)) ?? .none, sequence: bytes.u64(16),
            timestampNanoseconds: bytes.u64(24), reportSequence: MessageHeader.sequence(at: bytes),
            clientSequence: bytes.u64(32), orderID: bytes.u64(40), clientOrderID: bytes.u64(48),
            originalClientOrderID: bytes.u64(56), executionID: bytes.u64(64), price: Int64(bitPattern: bytes.u64(72)),
            lastQuantity: bytes.u32(80), leavesQuantity: bytes.u32(84), cumulativeQuantity: bytes.u32(88),
            session: MessageHeader.session(at: bytes), instrument: bytes.u32(92),
            side: Side(rawValue: bytes.u8(97)) ?? .none, reason: RejectReason(rawValue: bytes.u8(98)) ?? .none,
            flags: ExecutionReport.Flags(rawValue: bytes.u8(99)))
    }
}
