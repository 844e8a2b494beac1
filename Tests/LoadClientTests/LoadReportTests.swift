import Foundation
import LoadClient
import Testing

@Suite struct LoadReportTests {
    private let report: LoadReport

    init() throws { report = try JSONDecoder().decode(LoadReport.self, from: Data(Self.text.utf8)) }

    private static let latency = """
        {"count": 9, "minimumNanoseconds": 900, "p50Nanoseconds": 12345, "p90Nanoseconds": 20000,
        "p99Nanoseconds": 30000, "p999Nanoseconds": 40000, "p9999Nanoseconds": 50000, "maximumNanoseconds": 1234567}
        """

    private static let text = """
        {"session": 7,
        "sent": {"total": 10, "newOrders": 6, "immediateOrders": 1, "cancels": 3, "replaces": 1},
        "answers": {"acknowledged": 10, "accepted": 5, "replaced": 1, "cancelled": 2, "rejected": 1,
        "cancelRejected": 1, "rejectedByReason": {"priceCollar": 1}, "cancelRejectedByReason": {"unknownOrder": 1},
        "endedUnasked": 0, "trades": 2, "fills": 4, "filledLots": 20},
        "link": {"datagramsSent": 20, "datagramsReceived": 30, "datagramsNotTaken": 0, "resends": 3,
        "retransmitRequests": 1, "gaps": 1,
        "sendFaults": {"passed": 90, "dropped": 4, "duplicated": 5, "reordered": 6}},
        "pace": {"isOpenLoop": true, "askedPerSecond": 1000, "achievedPerSecond": 998.7, "sendingNanoseconds": 10,
        "drainingNanoseconds": 20, "farthestBehindNanoseconds": 5400},
        "roundTrip": \(latency), "serviceTime": \(latency), "liveOrders": 3, "streamHash": "0f", "bookHash": "f0",
        "violationCount": 0, "violations": []}
        """

    @Test func theTableSaysWhatHappened() {
        let table = report.table()
        for text in [
            "10 commands: 6 new (1 immediate), 3 cancel, 1 replace", "priceCollar 1", "unknownOrder 1", "3 resends",
            "4 dropped, 5 duplicated, 6 reordered", "999 commands/s, asked 1000", "12.3 µs", "1234.5 µs",
            "hash f0, commands 0f", "passed",
        ] {
            #expect(table.contains(text), "\(text) is not in\n\(table)")
        }
        #expect(!table.contains("faults in"))
    }

    @Test func theTableSaysWhatFailed() {
        var failed = report
        failed.violationCount = 25
        failed.violations = ["report 4: twice"]
        let table = failed.table()
        #expect(!failed.hasPassed && table.contains("FAILED: 25 violations") && table.contains("  report 4: twice"))
        #expect(table.contains("and 24 more"))
    }

    @Test func jsonReadsBackEqual() throws {
        let json = try report.json()
        #expect(json.contains("\"p50Nanoseconds\" : 12345"))
        #expect(try JSONDecoder().decode(LoadReport.self, from: Data(json.utf8)) == report)
    }
}
