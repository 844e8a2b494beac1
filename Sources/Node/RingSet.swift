import Edge
import NetStack
import OrderEntry
import Orders
import Runtime

/// The rings of a node, made at set-up and given back at the end.
struct RingSet {
    let commands = SPSCRing<Command>(capacity: Limits.journalRingCapacity)
    private(set) var links: [EngineStage.Link] = []
    private(set) var marketData: [SPSCRing<Packet>] = []

    init(networkStages: Int) {
        for _ in 0..<networkStages {
            links.append(
                EngineStage.Link(
                    orders: SPSCRing(capacity: Limits.orderRingCapacity),
                    reports: SPSCRing(capacity: Limits.reportRingCapacity),
                    replies: SPSCRing(capacity: Limits.replyRingCapacity),
                    grants: SPSCRing(capacity: Limits.grantRingCapacity)))
            marketData.append(SPSCRing(capacity: Limits.marketDataRingCapacity))
        }
    }

    /// Records waiting now.
    var fill: NodeStatistics.Fill {
        NodeStatistics.Fill(
            orders: links.reduce(0) { $0 + $1.orders.count }, marketData: marketData.reduce(0) { $0 + $1.count },
            reports: links.reduce(0) { $0 + $1.reports.count }, journal: commands.count)
    }

    func deallocate() {
        commands.deallocate()
        for link in links {
            link.orders.deallocate()
            link.reports.deallocate()
            link.replies.deallocate()
            link.grants.deallocate()
        }
        for ring in marketData { ring.deallocate() }
    }
}
