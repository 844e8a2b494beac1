import OrderEntry
import Wire

extension DropReason {
    /// The order-entry room has its own words, because it knows nothing of packets; here they become the node's.
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
}
