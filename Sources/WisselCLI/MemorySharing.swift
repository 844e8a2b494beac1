import Ethdev
import Node

/// Whether other DPDK processes can attach to the node, decided before EAL starts, and the sentence that says so.
struct MemorySharing {
    let hugePages: EALOptions.HugePages
    let message: String

    init(
        configuration: NodeConfiguration, decision: HugePageDecision,
        mount: (_ pageBytes: Int) -> String? = SecondaryProcesses.hugePageMount(pageBytes:)
    ) {
        let prefix = configuration.memory.filePrefix
        let wanted = configuration.dpdk.sharing == .shared
        if !wanted {
            hugePages = decision.hugePages
            message = "dpdk-dumpcap cannot: memory is private (dpdk: {sharing: shared} lets it); wissel capture can"
        } else if case .none = decision.hugePages {
            hugePages = decision.hugePages
            message =
                "dpdk-dumpcap cannot, though asked for: \(decision.lack); `hugepages/reserve` gives "
                + "them; wissel capture can"
        } else if mount(decision.pageBytes) == nil {
            hugePages = decision.hugePages
            message =
                "dpdk-dumpcap cannot, though asked for: no hugetlbfs with pages of "
                + "\(decision.pageBytes >> 10) kB is mounted: mount -t hugetlbfs nodev /dev/hugepages; "
                + "wissel capture can"
        } else {
            hugePages = .shared
            message = "dpdk-dumpcap --file-prefix=\(prefix) -i 0; wissel capture"
        }
    }
}
