/// What a network stage counts beside drops.
public enum NetworkCounter: UInt8, CaseIterable, Sendable {
    case framesReceived
    case bytesReceived
    case orderDatagrams
    case controlFrames
    case marketDataDatagrams
    /// Order-entry messages handed to the engine.
    case messagesReceived
    case framesSent
    case bytesSent
    case messagesSent
    /// ARP and ICMP answers sent, ICMP errors included.
    case controlReplies
    /// Probes, announcements, questions and membership reports sent.
    case controlFramesOfOurs
    /// Times the device took fewer frames than offered; the rest was offered again.
    case transmitRetries
    /// Highest fill of each lane since the start.
    case orderLaneHighWater
    case marketDataLaneHighWater
    /// Polls of the device that brought nothing.
    case emptyPolls
    /// Sources the filter knows to have a session, or to have lost their last one not long ago.
    case grantedSources
    /// Grants the filter had no room for: those sources stay with the unknown ones.
    case grantsRefused
}
