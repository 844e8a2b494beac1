import Edge
import NetStack
import OrderEntry
import Orders
import Runtime

/// The rings of a node, made at set-up and given back at the end.
struct RingSet {
    /// Of the engine, which writes it.
    let commands: SPSCRing<Command>
    /// Between the engine and the control thread.
    let venue: VenueLink
    private(set) var links: [EngineStage.Link] = []
    private(set) var marketData: [SPSCRing<Packet>] = []

    /// The rings of a network stage lie near its core, which is near its NIC; so at most one side of a ring is far.
    init(networkStages: Int, plan: CorePlan? = nil) {
        let policy = NUMA.MemoryPolicy()
        policy.prefer(near: plan?.core(ofStage: "engine")?.cpu)
        commands = SPSCRing(capacity: Limits.journalRingCapacity)
        venue = VenueLink()
        for index in 0..<networkStages {
            policy.prefer(near: plan?.core(ofStage: "network\(index)")?.cpu)
            links.append(
                EngineStage.Link(
                    orders: SPSCRing(capacity: Limits.orderRingCapacity),
                    reports: SPSCRing(capacity: Limits.reportRingCapacity),
                    replies: SPSCRing(capacity: Limits.replyRingCapacity),
                    grants: SPSCRing(capacity: Limits.grantRingCapacity)))
            marketData.append(SPSCRing(capacity: Limits.marketDataRingCapacity))
        }
        policy.restore()
    }

    /// Where the rings lie that belong near the core of `stage`.
    func regions(ofStage stage: String) -> [MemoryRegion] {
        if stage == "engine" { return [commands.region(named: "journal ring")] }
        guard stage.hasPrefix("network"), let index = Int(stage.dropFirst("network".count)),
            links.indices.contains(index)
        else { return [] }
        let link = links[index]
        return [
            link.orders.region(named: "order ring"), link.reports.region(named: "report ring"),
            link.replies.region(named: "reply ring"), link.grants.region(named: "grant ring"),
            marketData[index].region(named: "market-data ring"),
        ]
    }

    /// Records waiting now.
    var fill: NodeStatistics.Fill {
        NodeStatistics.Fill(
            orders: links.reduce(0) { $0 + $1.orders.count }, marketData: marketData.reduce(0) { $0 + $1.count },
            reports: links.reduce(0) { $0 + $1.reports.count }, journal: commands.count)
    }

    func deallocate() {
        commands.deallocate()
        venue.deallocate()
        for link in links {
            link.orders.deallocate()
            link.reports.deallocate()
            link.replies.deallocate()
            link.grants.deallocate()
        }
        for ring in marketData { ring.deallocate() }
    }
}
