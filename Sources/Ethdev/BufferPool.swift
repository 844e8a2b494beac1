import CDPDK

/// The packet buffers of one port, on one NUMA node. Owned by the port.
struct BufferPool: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let count: Int

    init(
        _ configuration: PortConfiguration, node: Int, for specification: DeviceSpecification,
        memory: EALOptions.HugePages
    ) throws(EthdevError) {
        var errorNumber: Int32 = 0
        let created = cdpdk_mempool_create(
            "wissel_pool_\(DeviceSpecification.nextNumber())", UInt32(configuration.mbufCount),
            UInt32(configuration.mbufCacheSize), UInt16(configuration.mbufDataBytes), Int32(node), &errorNumber)
        guard let created else {
            let megabytes = (configuration.poolBytes + 0xF_FFFF) / 0x10_0000
            let text = String(cString: cdpdk_error_text(errorNumber))
            throw EthdevError(
                .memory,
                attempt: "make the buffer pool of \(specification): \(configuration.mbufCount) buffers of "
                    + "\(configuration.mbufDataBytes) bytes take \(megabytes) MB on node \(node)",
                cause: "\(text) (error \(errorNumber))",
                remedy: Self.remedy(megabytes: megabytes, node: node, memory: memory), errorNumber: errorNumber)
        }
        pointer = created
        count = configuration.mbufCount
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

    /// Free buffers; exact while no thread takes or gives any.
    var available: Int { Int(cdpdk_mempool_available(pointer)) }
}
