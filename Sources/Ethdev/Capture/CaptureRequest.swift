/// What a capture keeps.
public struct CaptureRequest: Codable, Equatable, Sendable {
    public enum Direction: String, Codable, CaseIterable, Sendable {
        case receive = "rx"
        case transmit = "tx"
        case both

        /// Sum of `CDPDK_CAPTURE_INBOUND` and `CDPDK_CAPTURE_OUTBOUND`.
        var mask: UInt32 {
            switch self {
            case .receive: 1
            case .transmit: 2
            case .both: 3
            }
        }
    }

    /// The longest frame a port takes, and then some; also the default.
    public static let largestSnapLength = 65_535
    public static let smallestSnapLength = 14

    public var direction = Direction.both
    /// Bytes kept of a frame at most, 14…65535.
    public var snapLength = largestSnapLength
    public var filter: CaptureFilter?

    public init() {}
}

/// A frame as a capture hands it out.
public struct CapturedFrame {
    /// Index of the port among those given to the session.
    public let port: Int
    /// Nanoseconds since the Unix epoch, by the node's clock. Frames of one burst share the stamp.
    public let timestampNanoseconds: UInt64
    /// Bytes of the frame on the wire.
    public let originalLength: Int
    public let isOutbound: Bool
    /// The bytes kept; valid during the call that hands them out.
    public let bytes: UnsafeRawBufferPointer
}

/// What a capture counted on one port.
public struct CaptureCounts: Equatable, Sendable {
    /// Frames in the directions asked for.
    public var seen: UInt64 = 0
    /// Frames among them that the filter let pass.
    public var accepted: UInt64 = 0
    /// Frames among those that were lost because the capture was not taken away fast enough.
    public var dropped: UInt64 = 0

    public init() {}
}
