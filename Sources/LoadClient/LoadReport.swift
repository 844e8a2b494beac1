import Foundation

/// What a run did and whether the node kept its promises. The names are the keys of the JSON form.
public struct LoadReport: Sendable, Equatable, Codable {
    public struct Sent: Sendable, Equatable, Codable {
        public var total: UInt64
        public var newOrders: UInt64
        /// Of the new orders, those that must not rest (immediate-or-cancel).
        public var immediateOrders: UInt64
        public var cancels: UInt64
        public var replaces: UInt64
    }

    public struct Answers: Sendable, Equatable, Codable {
        /// Commands with their direct answer.
        public var acknowledged: UInt64
        public var accepted: UInt64
        public var replaced: UInt64
        public var cancelled: UInt64
        public var rejected: UInt64
        public var cancelRejected: UInt64
        /// By name of the reason; reasons that did not occur are left out.
        public var rejectedByReason: [String: UInt64]
        public var cancelRejectedByReason: [String: UInt64]
        /// Orders that ended without a request, such as the rest of an immediate-or-cancel order.
        public var endedUnasked: UInt64
        public var trades: UInt64
        public var fills: UInt64
        public var filledLots: UInt64
    }

    public struct Link: Sendable, Equatable, Codable {
        public var datagramsSent: UInt64 = 0
        public var datagramsReceived: UInt64 = 0
        /// Datagrams the system did not take (send buffer full, or nobody listening).
        public var datagramsNotTaken: UInt64 = 0
        /// Commands sent again.
        public var resends: UInt64 = 0
        /// Requests for reports that were missed.
        public var retransmitRequests: UInt64 = 0
        /// Holes seen in the numbers of the reports.
        public var gaps: UInt64 = 0
        /// Faults made on purpose.
        public var sendFaults: LinkFaultCounts?
        public var receiveFaults: LinkFaultCounts?
    }

    public struct Pace: Sendable, Equatable, Codable {
        public var isOpenLoop: Bool
        /// Open loop: commands a second asked for.
        public var askedPerSecond: Double?
        /// Closed loop: commands out at most.
        public var windowCommands: Int?
        /// Commands sent per second of the sending phase.
        public var achievedPerSecond: Double
        public var sendingNanoseconds: UInt64
        public var drainingNanoseconds: UInt64
        /// Open loop: how late the latest command left after its scheduled time.
        public var farthestBehindNanoseconds: UInt64
    }

    public var session: UInt32
    public var sent: Sent
    public var answers: Answers
    public var link: Link
    public var pace: Pace
    /// From the scheduled time of sending to the reception of the direct answer.
    public var roundTrip: LatencySummary
    /// From the first actual sending to the reception of the direct answer.
    public var serviceTime: LatencySummary
    /// Orders in the book at the end, according to the reports.
    public var liveOrders: Int
    /// Equal for runs that sent the same commands; hexadecimal.
    public var streamHash: String
    /// Equal for runs that left the same book; hexadecimal.
    public var bookHash: String
    public var violationCount: UInt64
    /// The first 20 violations.
    public var violations: [String]

    /// Whether every check held; when not, say so loudly and end with a status other than 0.
    public var hasPassed: Bool { violationCount == 0 }

    /// The report as JSON, keys sorted, times in nanoseconds.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
