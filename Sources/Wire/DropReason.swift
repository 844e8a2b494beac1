/// Why the data plane let go of a packet: one list for the whole node, from the first byte of the frame to the meaning
/// of the message. Every drop is one of these and one count; there is no drop without a reason.
///
/// Raw values are contiguous from 0 and index a counter block; they are no wire or file format and may be renumbered.
@frozen public enum DropReason: UInt8, CaseIterable, Sendable {
    // The frame
    case segmented
    case oversized
    case truncatedEthernet
    case ethernetSourceInvalid
    case vlanNotAccepted
    case unknownEtherType
    case notForUs

    // ARP
    case truncatedARP
    case arpInvalid
    case arpAddressConflict

    // IPv4
    case truncatedIPv4
    case ipVersionNotFour
    case ipHeaderLengthInvalid
    case ipLengthInvalid
    case ipChecksumBad
    case ipSourceInvalid
    case fragmented
    case protocolUnsupported

    // ICMP
    case icmpInvalid
    case icmpChecksumBad
    case icmpUnsupported

    // IGMP
    case igmpInvalid
    case igmpChecksumBad

    // UDP
    case truncatedUDP
    case udpLengthInvalid
    case udpChecksumBad

    // The edge: who gets in
    case noListener
    case unknownSource
    case aclDenied
    case bogonSource
    case amplificationPort
    case feedSourceUnknown
    case unknownSourceRate
    case sourceRate

    // Control traffic that is well formed and gets nothing
    case arpUnsolicited
    case icmpRateLimited
    case igmpIgnored

    // Room: a bounded place was full
    case orderLaneFull
    case controlLaneFull
    case marketDataLaneFull
    case orderRingFull
    case marketDataRingFull
    case transmitFull
    case noBuffer
    case replyRingFull
    case nodeStopped

    // Order entry
    case messageTruncated
    case messageLengthInvalid
    case protocolVersionUnsupported
    case messageTypeUnknown
    case sessionUnknown
    case sessionNotEstablished
    case endpointMismatch
    case authenticationFailed
    case messageTypeNotAClients

    // Market data
    case feedTruncated
    case feedVersionUnsupported
    case feedProtocolUnknown
    case feedMalformed
}

extension DropReason: CustomStringConvertible {
    /// What was wrong, in a few words for tables and logs.
    public var description: String {
        switch self {
        case .segmented: "frame spread over several buffers"
        case .oversized: "frame longer than the interface's MTU allows"
        case .truncatedEthernet: "frame shorter than its Ethernet header"
        case .ethernetSourceInvalid: "source MAC address is a group or zero"
        case .vlanNotAccepted: "VLAN tag not accepted here"
        case .unknownEtherType: "EtherType neither IPv4 nor ARP"
        case .notForUs: "addressed to somebody else"
        case .truncatedARP: "ARP packet shorter than 28 bytes"
        case .arpInvalid: "ARP packet with impossible fields"
        case .arpAddressConflict: "another host claims our IPv4 address"
        case .truncatedIPv4: "IPv4 header cut off"
        case .ipVersionNotFour: "IP version not 4"
        case .ipHeaderLengthInvalid: "IPv4 header length impossible"
        case .ipLengthInvalid: "IPv4 total length disagrees with the frame"
        case .ipChecksumBad: "IPv4 header checksum wrong"
        case .ipSourceInvalid: "source IPv4 address cannot be a sender"
        case .fragmented: "IPv4 fragment"
        case .protocolUnsupported: "IP protocol neither UDP, ICMP nor IGMP"
        case .icmpInvalid: "ICMP message shorter than 8 bytes"
        case .icmpChecksumBad: "ICMP checksum wrong"
        case .icmpUnsupported: "ICMP message that is neither an echo request to us nor an error about our traffic"
        case .igmpInvalid: "IGMP message of an impossible length"
        case .igmpChecksumBad: "IGMP checksum wrong"
        case .truncatedUDP: "UDP header cut off"
        case .udpLengthInvalid: "UDP length disagrees with the IPv4 length"
        case .udpChecksumBad: "UDP checksum wrong"
        case .noListener: "nobody listens on this address and port"
        case .unknownSource: "source address not allowed to send orders"
        case .aclDenied: "refused by the access list"
        case .bogonSource: "source address nobody can have"
        case .amplificationPort: "answer from a service used for amplification"
        case .feedSourceUnknown: "source address not one of the feed's"
        case .unknownSourceRate: "more than all sources without a session may send"
        case .sourceRate: "more than one source may send"
        case .arpUnsolicited: "ARP reply nobody asked for"
        case .icmpRateLimited: "echo request above the rate limit"
        case .igmpIgnored: "IGMP message a host does not act on"
        case .orderLaneFull: "order lane full"
        case .controlLaneFull: "control lane full"
        case .marketDataLaneFull: "market data lane full"
        case .orderRingFull: "order ring full"
        case .marketDataRingFull: "market data ring full"
        case .transmitFull: "transmit queue full"
        case .noBuffer: "no packet buffer free"
        case .replyRingFull: "reply ring full"
        case .nodeStopped: "still waiting in a lane when the node stopped"
        case .messageTruncated: "order message cut off"
        case .messageLengthInvalid: "order message length wrong for its type"
        case .protocolVersionUnsupported: "order-entry protocol version not spoken here"
        case .messageTypeUnknown: "order message type unknown"
        case .sessionUnknown: "session not configured"
        case .sessionNotEstablished: "session not established"
        case .endpointMismatch: "session used from another address than it was established from"
        case .authenticationFailed: "authentication failed"
        case .messageTypeNotAClients: "order message of a type only the node sends"
        case .feedTruncated: "feed packet cut off"
        case .feedVersionUnsupported: "feed version not supported"
        case .feedProtocolUnknown: "feed message protocol not supported"
        case .feedMalformed: "feed packet malformed"
        }
    }
}
