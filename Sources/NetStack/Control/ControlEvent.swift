/// What a `ControlResponder` did and heard, as keys of its counters.
@frozen public enum ControlEvent: UInt8, CaseIterable, Sendable {
    case arpRequestAnswered
    /// Replies to questions of ours.
    case arpReplyLearned
    case arpQuestionsSent
    /// Requests in which a known neighbour had another hardware address; each is verified before it is believed.
    case neighbourContested
    case addressProbesSent
    /// Defences included.
    case addressAnnouncementsSent
    /// ARP packets by which another host claimed our IPv4 address.
    case addressConflicts
    /// Hardware address of the host that did it last; a value, not a sum.
    case addressConflictMAC
    /// 1 while another host has our address and we answer no ARP for it; a value, not a sum.
    case addressYielded
    case echoAnswered
    case icmpErrorsSent
    /// Errors we owed and did not send because of the rate limit.
    case icmpErrorsWithheld
    /// Datagrams of ours that nobody took.
    case portUnreachableReceived
    case fragmentationNeededReceived
    /// Those that named an MTU below 576 or not below ours, and so changed nothing.
    case fragmentationNeededIgnored
    /// Other errors about datagrams of ours.
    case icmpErrorsReceived
    case igmpQueriesReceived
    case igmpReportsSent
    /// 1 while version 2 reports are sent because of a version 2 querier; a value, not a sum.
    case igmpVersionTwo
}
