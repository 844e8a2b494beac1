/// Who may establish a session: the seam for stronger authentication.
///
/// Called on the engine core, once per establish, never per order; it must not block.
public protocol SessionAuthenticator: Sendable {
    /// - Returns: whether this request, from this peer, is the participant it says it is.
    func authenticate(_ request: EstablishRequest, from peer: Peer, configuration: SessionConfiguration) -> Bool
}

/// The first authenticator: the participant's secret, and one of its addresses.
public struct AccessKeyAuthenticator: SessionAuthenticator {
    public init() {}

    public func authenticate(_ request: EstablishRequest, from peer: Peer, configuration: SessionConfiguration) -> Bool
    {
        // Both are always looked at, so that the time tells nothing about the key.
        let isKeyRight = request.accessKey == configuration.accessKey
        let isSourceRight = configuration.allows(source: peer.ipv4)
        return isKeyRight && isSourceRight && request.participant == configuration.participant
    }
}
