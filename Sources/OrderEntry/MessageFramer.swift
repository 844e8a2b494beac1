/// Walks the messages of one datagram: each is checked for length, version and type before anyone looks inside.
///
/// Stops for good at the first fault: what follows a wrong length cannot be trusted. Never reads beyond `length`.
@frozen public struct MessageFramer {
    @usableFromInline let bytes: UnsafeRawPointer
    @usableFromInline let end: Int
    @usableFromInline var position = 0

    /// What came next.
    @frozen public enum Step {
        /// A well-formed message of this length at this address.
        case message(UnsafeRawPointer, length: Int)
        case failure(FramingError)
        case end
    }

    /// - Parameters:
    ///   - bytes: the datagram's payload, readable for `length` bytes while the framer is used.
    @inlinable public init(_ bytes: UnsafeRawPointer, length: Int) {
        self.bytes = bytes
        end = length
    }

    @inlinable public mutating func next() -> Step {
        let left = end &- position
        if left <= 0 { return .end }
        let message = bytes + position
        guard left >= MessageHeader.size else { return fail(.truncated) }
        let length = MessageHeader.length(at: message)
        guard message.u8(3) == MessageHeader.version else { return fail(.versionUnsupported) }
        guard let type = MessageHeader.type(at: message) else { return fail(.typeUnknown) }
        guard length == type.length else { return fail(.lengthInvalid) }
        guard left >= length else { return fail(.truncated) }
        position &+= length
        return .message(message, length: length)
    }

    @inlinable mutating func fail(_ error: FramingError) -> Step {
        position = end
        return .failure(error)
    }
}

/// Why a datagram is not a row of messages.
@frozen public enum FramingError: UInt8, CaseIterable, Sendable {
    /// The datagram ends inside a message.
    case truncated
    /// The length is not that of the type.
    case lengthInvalid
    case versionUnsupported
    case typeUnknown
}
