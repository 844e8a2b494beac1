/// A sum over reports that two engines share when they said the same.
///
/// As in the benchmark's own comparison, a report counts with the fields that mean something in its kind, the trades of one
/// message in their order, and the kinds of one message in any.
package struct ReportDigest: Equatable {
    package private(set) var value: UInt64 = 0
    private var sequence: UInt64 = .max
    private var tradesOfMessage: UInt64 = 0

    package init() {}

    package mutating func add(_ report: Report) {
        if report.sequence != sequence {
            sequence = report.sequence
            tradesOfMessage = 0
        }
        guard let kind = report.kind else { return }
        var hash = Self.mixed(UInt64(kind.rawValue) &+ 1, report.sequence)
        switch kind {
        case .trade:
            tradesOfMessage &+= 1
            for field in [report.price, UInt64(report.quantity), report.maker, report.taker, tradesOfMessage] {
                hash = Self.mixed(hash, field)
            }
        case .orderAccepted, .modified:
            for field in [UInt64(report.side), report.orderID, report.price, UInt64(report.quantity)] {
                hash = Self.mixed(hash, field)
            }
        case .cancelled:
            for field in [UInt64(report.side), report.orderID, report.price] { hash = Self.mixed(hash, field) }
        case .cancelRejected, .modifyRejected:
            hash = Self.mixed(hash, report.orderID)
        }
        value &+= hash
    }

    /// Sixteen hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Steele, Lea and Flood's finaliser of SplitMix64 over both.
    private static func mixed(_ hash: UInt64, _ field: UInt64) -> UInt64 {
        var value = (hash &* 0x9E37_79B9_7F4A_7C15) ^ field
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
