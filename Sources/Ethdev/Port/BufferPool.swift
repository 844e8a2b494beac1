import CDPDK
import Runtime

/// The packet buffers of one queue pair, on one NUMA node. Owned by the port.
///
/// A pool per pair: the cores of two queues never meet in a pool's ring, and a NIC may free sent buffers in bulk, since
/// all of a queue's are of one pool (DPDK Programmer's Guide, `RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE`).
struct BufferPool: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let count: Int

    /// One pool per queue pair, all or none.
    static func make(
        _ configuration: PortConfiguration, node: Int, for specification: DeviceSpecification,
        memory: EALOptions.HugePages
    ) throws(EthdevError) -> [BufferPool] {
        var pools: [BufferPool] = []
        do throws(EthdevError) {
            for _ in 0..<configuration.queuePairs {
                pools.append(try BufferPool(configuration, node: node, for: specification, memory: memory))
            }
        } catch {
            for pool in pools { cdpdk_mempool_free(pool.pointer) }
            throw error
        }
        return pools
    }

    private init(
        _ configuration: PortConfiguration, node: Int, for specification: DeviceSpecification,
        memory: EALOptions.HugePages
    ) throws(EthdevError) {
        var errorNumber: Int32 = 0
        let created = cdpdk_mempool_create(
            "wissel_pool_\(DeviceSpecification.nextNumber())", UInt32(configuration.mbufCount),
            UInt32(configuration.mbufCacheSize), UInt16(configuration.mbufDataBytes), Int32(node), &errorNumber)
        guard let created else {
            let megabytes = (configuration.poolBytes(onHugePages: memory == .inMemory) + 0xF_FFFF) / 0x10_0000
            let text = String(cString: cdpdk_error_text(errorNumber))
            throw EthdevError(
                .memory,
                attempt: "make \(Self.name(configuration)) of \(specification): \(configuration.mbufCount) buffers of "
                    + "\(configuration.mbufDataBytes) bytes take \(megabytes) MB on node \(node)",
                cause: "\(text) (error \(errorNumber))",
                remedy: Self.remedy(megabytes: megabytes, node: node, memory: memory), errorNumber: errorNumber)
        }
        pointer = created
        count = configuration.mbufCount
    }

    private static func name(_ configuration: PortConfiguration) -> String {
        let queues = configuration.queuePairs
        return queues == 1 ? "the buffer pool" : "a buffer pool for each of \(queues) queues"
    }

    private static func remedy(megabytes: Int, node: Int, memory: EALOptions.HugePages) -> String {
        switch memory {
        case .inMemory, .shared:
            "reserve \((megabytes + 1) / 2) more 2 MB huge pages on node \(node) with hugepages/reserve, "
                + "or lower mbufCount"
        case .none(let given):
            "EAL runs without huge pages on \(given) MB for everything: start it with \(given + megabytes) MB, "
                + "or lower mbufCount"
        }
    }

    /// Where the buffers lie: one piece where the memory allows it.
    var memoryRegions: [MemoryRegion] {
        var regions: [MemoryRegion] = []
        var (address, bytes, page): (UInt64, UInt64, UInt64) = (0, 0, 0)
        while cdpdk_mempool_memory(pointer, UInt32(regions.count), &address, &bytes, &page) {
            regions.append(
                MemoryRegion(
                    name: "packet buffers", address: address, byteCount: Int(clamping: bytes),
                    pageByteCount: Int(clamping: page)))
        }
        return regions
    }

    /// Free buffers; exact while no thread takes or gives any.
    var available: Int { Int(cdpdk_mempool_available(pointer)) }
}
