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
    /// Of the shards that have cores of their own.
    private(set) var shards: [ShardLink] = []
    private(set) var links: [EngineStage.Link] = []
    private(set) var marketData: [SPSCRing<Packet>] = []

    /// The rings of a network stage lie near its core, which is near its NIC; so at most one side of a ring is far.
    /// Those of a shard lie near the shard for the same reason.
    /// - Parameter shardStages: names of the shards' stages; without a core in the plan they have no rings.
    init(networkStages: Int, shardStages: [String] = [], plan: CorePlan? = nil) {
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
        for stage in shardStages {
            guard let core = plan?.core(ofStage: stage) else { continue }
            policy.prefer(near: core.cpu)
            shards.append(ShardLink())
        }
        policy.restore()
    }

    /// Where the rings lie that belong near the core of `stage`.
    func regions(ofStage stage: String) -> [MemoryRegion] {
        if stage == "engine" { return [commands.region(named: "journal ring")] }
        if stage.hasPrefix("matching") {
            guard let number = Int(stage.dropFirst("matching".count)), shards.indices.contains(number) else {
                return []
            }
            return [
                shards[number].commands.region(named: "shard command ring"),
                shards[number].reports.region(named: "shard report ring"),
            ]
        }
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
            reports: links.reduce(0) { $0 + $1.reports.count }, journal: commands.count,
            shards: shards.reduce(0) { $0 + $1.commands.count })
    }

    func deallocate() {
        commands.deallocate()
        venue.deallocate()
        for link in shards { link.deallocate() }
        for link in links {
            link.orders.deallocate()
            link.reports.deallocate()
            link.replies.deallocate()
            link.grants.deallocate()
        }
        for ring in marketData { ring.deallocate() }
    }
}
