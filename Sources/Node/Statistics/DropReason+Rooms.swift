import Edge
import MarketData
import OrderEntry
import Wire

extension DropReason {
    // Order entry and market data have their own words, because they know nothing of packets; here they become the node's.

    init(_ error: FramingError) {
        switch error {
        case .truncated: self = .messageTruncated
        case .lengthInvalid: self = .messageLengthInvalid
        case .versionUnsupported: self = .protocolVersionUnsupported
        case .typeUnknown: self = .messageTypeUnknown
        }
    }

    init(_ drop: OrderEntryDrop) {
        switch drop {
        case .typeNotAClients: self = .messageTypeNotAClients
        case .sessionUnknown: self = .sessionUnknown
        case .sessionNotEstablished: self = .sessionNotEstablished
        case .endpointMismatch: self = .endpointMismatch
        case .authenticationFailed: self = .authenticationFailed
        }
    }

    init(_ failure: FeedFailure) {
        switch failure {
        case .truncated: self = .feedTruncated
        case .versionUnsupported: self = .feedVersionUnsupported
        case .protocolUnknown: self = .feedProtocolUnknown
        case .malformed: self = .feedMalformed
        }
    }

    init(fullLaneOf kind: LaneKind) {
        switch kind {
        case .order: self = .orderLaneFull
        case .control: self = .controlLaneFull
        case .marketData: self = .marketDataLaneFull
        }
    }
}
