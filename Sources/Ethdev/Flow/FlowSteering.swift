import CDPDK

/// Order traffic on a receive queue of its own: rules the device itself follows (`rte_flow`), so that orders never wait
/// behind other traffic in the NIC.
///
/// Orders come to queue 0. All else is spread over the other queues where the device can be told so; where it cannot,
/// it comes to queue 0 too, and `sharedBecause` says why. The classifier in software sorts what arrives in any case, so
/// nothing but the waiting depends on the rules.
public struct FlowSteering {
    /// The traffic to steer.
    public struct Request: Equatable, Sendable {
        /// Destination of the orders: IPv4 address, host byte order, and UDP port.
        public var address: UInt32
        public var port: UInt16

        public init(address: UInt32, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    /// The orders' queue.
    public static var queue: Int { 0 }
    /// Why other traffic comes to the orders' queue too; nil when none does.
    public let sharedBecause: String?
    private let orders: FlowRule
    private let rest: FlowRule?

    /// Makes the rules on a started port of two queues or more.
    init(_ request: Request, on port: EthdevPort) throws(EthdevError) {
        let attempt = "steer orders to a queue of their own on \(port.specification)"
        guard port.configuration.queuePairs > 1 else {
            throw EthdevError(
                .configuration, attempt: attempt, cause: "it is opened with one queue",
                remedy: "open it with two queues or more")
        }
        var rule = cdpdk_flow_rule()
        rule.destination_address = request.address
        rule.destination_port = request.port
        rule.first_queue = UInt16(Self.queue)
        rule.last_queue = UInt16(Self.queue)
        orders = try FlowRule(rule, on: port, attempt: attempt)
        (rest, sharedBecause) = Self.keepOthersAway(from: port)
    }

    /// Leads everything else to the queues from 1 on: by the table of the hash, else by a rule of lower priority.
    private static func keepOthersAway(from port: EthdevPort) -> (rule: FlowRule?, failure: String?) {
        let last = UInt16(port.configuration.queuePairs - 1)
        let entries = UInt16(clamping: port.capabilities.redirectionTableEntries)
        if entries > 0, cdpdk_port_spread(port.portID, entries, 1, last) == 0 { return (nil, nil) }
        var rule = cdpdk_flow_rule()
        rule.priority = 1
        rule.matches_everything = true
        rule.first_queue = 1
        rule.last_queue = last
        do throws(EthdevError) {
            return (try FlowRule(rule, on: port, attempt: "keep other traffic from the orders' queue"), nil)
        } catch {
            return (nil, error.cause)
        }
    }

    /// Takes the rules back; the port is still started. What a driver cannot take back it forgets when it stops.
    func remove(from port: EthdevPort) {
        _ = rest?.destroy(on: port)
        _ = orders.destroy(on: port)
        let entries = UInt16(clamping: port.capabilities.redirectionTableEntries)
        if entries > 0 { _ = cdpdk_port_spread(port.portID, entries, 0, UInt16(port.configuration.queuePairs - 1)) }
    }
}

extension EthdevPort {
    /// Gives order traffic queue 0 to itself; kept over a restart. Control thread, port started, once.
    /// - Throws: why the device cannot, in the driver's words; then nothing has changed.
    public func steer(_ request: FlowSteering.Request) throws(EthdevError) {
        precondition(isStarted, "steering of a port that is not started")
        precondition(steering == nil, "steering twice")
        steering = try FlowSteering(request, on: self)
        steeringRequest = request
    }
}
