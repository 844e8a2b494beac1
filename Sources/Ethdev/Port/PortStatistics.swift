/// The port's own counters since it was opened or reset, as the driver keeps them.
public struct PortStatistics: Equatable, Sendable {
    public var receivedPackets: UInt64 = 0
    public var transmittedPackets: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    public var transmittedBytes: UInt64 = 0
    /// Frames the NIC dropped because its queue was full (`imissed`).
    public var missedPackets: UInt64 = 0
    /// Broken frames (`ierrors`).
    public var receiveErrors: UInt64 = 0
    /// Frames that could not be sent (`oerrors`).
    public var transmitErrors: UInt64 = 0
    /// Receptions that failed because the pool was empty (`rx_nombuf`).
    public var bufferShortages: UInt64 = 0

    public init() {}
}

/// State of the link.
public struct LinkStatus: Equatable, Sendable {
    public let isUp: Bool
    public let isFullDuplex: Bool
    /// nil when the device does not know; virtual devices report a made-up 10 Gbit/s.
    public let megabitsPerSecond: Int?
}
