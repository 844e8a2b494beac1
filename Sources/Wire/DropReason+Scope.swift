extension DropReason {
    /// What is let go of.
    public enum Scope: Sendable {
        /// The frame: its buffer goes back, and nothing comes of it.
        case frame
        /// A message or a piece of work. The frame it stood in was handed on, or there was none; or, for `noBuffer`, a
        /// message that stays in its ring and is tried again.
        case message
    }

    /// Every packet that comes in is dropped for at most one reason of scope `frame`; counts of scope `message` say
    /// nothing about packets. New reasons are `frame` unless they stand here.
    public var scope: Scope {
        switch self {
        case .orderRingFull, .noBuffer, .replyRingFull, .messageTruncated, .messageLengthInvalid,
            .protocolVersionUnsupported, .messageTypeUnknown, .sessionUnknown, .sessionNotEstablished,
            .endpointMismatch, .authenticationFailed, .messageTypeNotAClients, .feedTruncated,
            .feedVersionUnsupported, .feedProtocolUnknown, .feedMalformed:
            .message
        default: .frame
        }
    }
}
