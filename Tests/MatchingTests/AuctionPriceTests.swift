import Orders
import TestSupport
import Testing

/// Prices of auctions: the examples of the Xetra Market Model Equities 14.0, §13.1, and some like them.
@Suite struct AuctionPriceTests {
    struct Example: Sendable {
        var name: String
        var bids: [String]
        var asks: [String]
        var reference: Int64 = 100
        var result: String
    }

    static let examples = [
        Example(
            name: "1", bids: ["200@202", "200@201", "300@200"], asks: ["400@197", "200@198", "100@200"],
            result: "700@200 surplus 0"),
        Example(name: "2", bids: ["400@202", "200@201"], asks: ["200@198", "300@199"], result: "500@201 surplus 100"),
        Example(
            name: "3", bids: ["300@202", "200@201"], asks: ["200@198", "400@199"], result: "500@199 surplus -100"),
        Example(
            name: "4a", bids: ["100@market", "100@199"], asks: ["100@market", "100@202"], reference: 199,
            result: "100@199 surplus 100"),
        Example(
            name: "4b", bids: ["100@market", "100@199"], asks: ["100@market", "100@202"], reference: 200,
            result: "100@199 surplus 100"),
        Example(
            name: "5a, in the middle the higher", bids: ["300@202", "200@201"], asks: ["200@198", "300@199"],
            reference: 200, result: "500@201 surplus 0"),
        Example(
            name: "5b", bids: ["300@202", "200@201"], asks: ["200@198", "300@199"], reference: 202,
            result: "500@201 surplus 0"),
        Example(
            name: "5c", bids: ["300@202", "200@201"], asks: ["200@198", "300@199"], reference: 198,
            result: "500@199 surplus 0"),
        Example(name: "6", bids: ["900@market"], asks: ["800@market"], reference: 123, result: "800@123 surplus 100"),
        Example(name: "7", bids: ["80@200 hidden", "80@199"], asks: ["80@201"], result: "0@0 surplus 0"),
        Example(
            name: "market orders and one limit", bids: ["250@market", "150@199", "50@market"],
            asks: ["300@market", "200@198"], reference: 201, result: "450@198 surplus -50"),
        Example(
            name: "one price alone has the most", bids: ["300@200", "200@199", "300@198", "100@196"],
            asks: ["400@197", "300@198", "100@200"], result: "700@198 surplus 100"),
        Example(
            name: "surplus to buy", bids: ["600@200", "200@197"], asks: ["300@197", "100@198", "100@199", "400@201"],
            result: "500@200 surplus 100"),
        Example(
            name: "surplus to sell", bids: ["300@202", "100@201", "100@199", "400@197"], asks: ["600@198", "200@201"],
            result: "500@198 surplus -100"),
    ]

    @Test(arguments: examples)
    func price(example: Example) {
        let instrument = ScriptedExchange.instrument(reference: example.reference, phase: .preOpen)
        let lines = example.bids.map { "1 buy \($0)" } + example.asks.map { "2 sell \($0)" }
        #expect(Rules.last(lines + ["indicate"], instrument) == ["indicative \(example.result)"], "\(example.name)")
        let reports = Rules.last(lines + ["phase continuous"], instrument)
        let price = example.result.split(separator: " ")[0]
        let phase = price == "0@0" ? "phaseChanged continuous" : "phaseChanged continuous \(price)"
        #expect(reports.contains(phase), "\(example.name): \(reports)")
    }
}
