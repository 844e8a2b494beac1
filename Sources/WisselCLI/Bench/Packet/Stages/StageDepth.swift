/// How far a packet goes in a variant of the loop: each does what the one before does, and one thing more.
enum StageDepth: Int, CaseIterable, Sendable {
    case io
    case recognise
    case lanes
    case ring
    case macswap
    /// The node's own stage, with all it keeps: counters, times of arrival, transmitter, journal state.
    case node

    /// What is added to the variant before, for people.
    var title: String {
        switch self {
        case .io: "driver, receive and send"
        case .recognise: "recognise the flow, check lengths and checksums"
        case .lanes: "lane and priority scheduler"
        case .ring: "ring to the next stage"
        case .macswap: "exchange MAC addresses"
        case .node: "counters, times of arrival, the rest of the stage"
        }
    }

    /// The name in JSON.
    var key: String {
        switch self {
        case .io: "driver"
        case .recognise: "recognise"
        case .lanes: "lane_scheduler"
        case .ring: "ring"
        case .macswap: "macswap"
        case .node: "node_rest"
        }
    }
}
