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
    /// ARP and ICMP frames turned into their answer.
    case controlReplies
    /// Probes, announcements, questions, membership reports and ICMP errors sent.
    case controlFramesOfOurs
    /// ARP and ICMP frames that were taken note of and needed no answer.
    case controlNoted
    /// Datagrams filled with messages and ready to leave.
    case datagramsBuilt
    /// Frames ready to leave that the device had not taken when the node stopped.
    case framesDiscarded
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
