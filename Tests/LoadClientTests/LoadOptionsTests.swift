import LoadClient
import Testing

@Suite struct LoadOptionsTests {
    private func options(_ change: (inout LoadOptions) -> Void = { _ in }) throws -> LoadOptions {
        var options = LoadOptions(
            node: try SocketAddress("127.0.0.1", port: 9_000), session: 1, participant: 1,
            accessKey: [UInt8](repeating: 7, count: 16))
        change(&options)
        return options
    }

    @Test func defaultsMakeARun() throws { #expect(try options().problem == nil) }

    @Test(arguments: [
        (LoadOptions.Pace.openLoop(ratePerSecond: 0), "rate of 0.0"), (.openLoop(ratePerSecond: .nan), "rate of nan"),
        (.closedLoop(window: 0), "window of 0"), (.closedLoop(window: 5_000), "window of 5000"),
    ])
    func wrongPaces(pace: LoadOptions.Pace, text: String) throws {
        #expect(try options { $0.pace = pace }.problem?.contains(text) == true)
    }

    @Test func everyOtherWrongOptionIsNamed() throws {
        #expect(try options { $0.session = 0 }.problem?.contains("session 0: give") == true)
        #expect(try options { $0.participant = 0 }.problem?.contains("participant 0: give") == true)
        #expect(try options { $0.accessKey = [1] }.problem?.contains("access key of 1 bytes: give") == true)
        #expect(try options { $0.orders = 0 }.problem?.contains("0 orders: give") == true)
        #expect(try options { $0.firstClientOrderID = 0 }.problem?.contains("identifier 0: give") == true)
        #expect(try options { $0.node.port = 0 }.problem?.contains("127.0.0.1:0: give") == true)
        #expect(try options { $0.heartbeatNanoseconds = 1 }.problem?.contains("heartbeat of 1 ns: give") == true)
        #expect(try options { $0.flow.targetLiveOrders = 0 }.problem?.contains("0 live orders: give") == true)
        #expect(try options { $0.sendFaults.dropShare = 2 }.problem?.contains("sending: drop share") == true)
        #expect(try options { $0.receiveFaults.dropShare = 2 }.problem?.contains("receiving: drop share") == true)
    }
}
