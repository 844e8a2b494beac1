import OrderEntry
import Orders

/// Messages a client sends in the scripts of the tests, session 7.
enum Script {
    static func establish(
        session: UInt32 = 7, participant: UInt32 = 70, version: UInt64 = 1, cancelsOnDisconnect: Bool = false,
        heartbeat: UInt32 = 100, nextReport: UInt64 = 1, key: EstablishRequest.InlineKey = ServerHarness.key
    ) -> [UInt8] {
        encoded {
            EstablishRequest(
                session: session, participant: participant, cancelsOnDisconnect: cancelsOnDisconnect,
                heartbeatMilliseconds: heartbeat, sessionVersion: version, nextReportSequence: nextReport,
                accessKey: key
            ).encode(into: $0)
        }
    }

    static func order(_ sequence: UInt64, session: UInt32 = 7) -> [UInt8] {
        encoded(
            Command(
                kind: .newOrder, clientSequence: sequence, clientOrderID: 1_000 + sequence, price: 100, quantity: 5,
                session: session, instrument: 1, side: .buy, timeInForce: .day))
    }

    static func heartbeat(next: UInt64) -> [UInt8] {
        encoded { SessionMessage.encodeHeartbeat(session: 7, nextSequence: next, into: $0) }
    }

    static func terminate() -> [UInt8] {
        encoded { SessionMessage.encodeTerminate(session: 7, reason: .finished, into: $0) }
    }

    static func retransmit(from: UInt64, count: UInt32) -> [UInt8] {
        encoded { SessionMessage.encodeRetransmitRequest(session: 7, from: from, count: count, into: $0) }
    }
}
