/// One session of a participant, as the node was configured.
public struct SessionConfiguration: Sendable {
    /// 1…1,024.
    public var session: UInt32
    public var participant: UInt32
    public var accessKey: EstablishRequest.InlineKey
    /// Addresses the session may come from, host byte order, with prefix lengths 0…32.
    public var sources: [(address: UInt32, length: Int)]
    public var minimumHeartbeatMilliseconds: UInt32
    public var maximumHeartbeatMilliseconds: UInt32

    public init(
        session: UInt32, participant: UInt32, accessKey: EstablishRequest.InlineKey,
        sources: [(address: UInt32, length: Int)], minimumHeartbeatMilliseconds: UInt32 = 50,
        maximumHeartbeatMilliseconds: UInt32 = 60_000
    ) {
        self.session = session
        self.participant = participant
        self.accessKey = accessKey
        self.sources = sources
        self.minimumHeartbeatMilliseconds = minimumHeartbeatMilliseconds
        self.maximumHeartbeatMilliseconds = maximumHeartbeatMilliseconds
    }

    /// Whether an address is one the session may come from.
    public func allows(source: UInt32) -> Bool {
        sources.contains { prefix in
            let mask = Self.mask(length: prefix.length)
            return source & mask == prefix.address & mask
        }
    }

    /// Lengths outside 0…32 count as the nearest of these.
    static func mask(length: Int) -> UInt32 { length <= 0 ? 0 : UInt32.max << UInt32(32 - min(length, 32)) }
}
