import Foundation
import Orders
import Testing
import WisselCLI

/// What a report to the venue says to a person and to a machine.
@Suite struct MarketReportTests {
    private func text(_ report: ExecutionReport, symbol: String = "WSL") -> String {
        MarketReport(report, symbol: symbol).text
    }

    @Test func phases() {
        var report = ExecutionReport(
            kind: .phaseChanged, instrument: 1, flags: .init(rawValue: TradingPhase.continuous.rawValue))
        #expect(text(report) == "WSL: continuous")
        #expect(text(report, symbol: "") == "instrument 1: continuous")
        report.price = 10_050
        report.orderID = 12_345
        report.reason = .interruptionOver
        #expect(text(report) == "WSL: continuous, 12,345 lots at 10050 in the auction (interruptionOver)")
    }

    @Test func indicativePrices() {
        var report = ExecutionReport(kind: .indicative, instrument: 1)
        #expect(text(report) == "WSL: nothing would trade")
        report.price = -5
        report.orderID = 700
        #expect(text(report) == "WSL: 700 lots would trade at -5")
        report.executionID = UInt64(bitPattern: -30)
        #expect(text(report) == "WSL: 700 lots would trade at -5, 30 more on the selling side")
        report.executionID = 1
        #expect(text(report) == "WSL: 700 lots would trade at -5, 1 more on the buying side")
    }

    @Test func answersAndRefusals() {
        #expect(text(ExecutionReport(kind: .instrumentSet, instrument: 1)) == "WSL: set")
        #expect(text(ExecutionReport(kind: .massCancelled, cumulativeQuantity: 1_200)) == "1,200 orders cancelled")
        for kind in [ReportKind.commandRejected, .cancelRejected] {
            let report = MarketReport(
                ExecutionReport(kind: kind, instrument: 1, reason: .invalidParameter), symbol: "WSL")
            #expect(report.isRefusal)
            #expect(report.text == "WSL: refused: invalidParameter")
        }
    }

    @Test func jsonHasTheFieldsOfItsKind() throws {
        let report = MarketReport(
            ExecutionReport(kind: .massCancelled, cumulativeQuantity: 3), symbol: "")
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(json.contains("\"cancelled\":3") && json.contains("\"kind\":\"massCancelled\""))
        #expect(!json.contains("phase") && !json.contains("surplus"))
    }
}
