import CDPDK

/// The steps from a specification to a configured port; undone in reverse when one fails.
struct OpenedPort {
    let port: UInt16
    let busDevice: BusDevice
    /// One per queue pair.
    let pools: [BufferPool]
    let capabilities: PortCapabilities
    let node: Int
    let macAddress: UInt64
    let mtu: Int
    let receiveDescriptors: Int
    let transmitDescriptors: Int
    let freesFast: Bool
    let computesSentChecksums: Bool

    init(
        _ specification: DeviceSpecification, _ configuration: PortConfiguration, _ running: EALOptions,
        pools: [BufferPool]?
    ) throws(EthdevError) {
        let busDevice = specification.busDevice(for: configuration)
        let port = try Self.attach(specification, busDevice)
        do throws(EthdevError) {
            self = try OpenedPort(specification, configuration, running, busDevice, port, pools)
        } catch {
            Self.remove(port: port, busDevice)
            throw error
        }
    }

    /// Step 1: the device appears on its bus and its driver makes a port of it.
    private static func attach(
        _ specification: DeviceSpecification, _ device: BusDevice
    ) throws(EthdevError) -> UInt16 {
        var port: UInt16 = 0
        if device.bus == "pci", cdpdk_port_by_name(device.name, &port) == 0 { return port }
        try specification.checkRequirements()
        // The signal a TAP may overflow into must not end the process.
        if case .tap = specification { cdpdk_ignore_unhandled_sigio() }
        try check(
            cdpdk_device_add(device.bus, device.name, device.arguments), "open \(specification)",
            remedy: specification.refusalRemedy())
        let found = cdpdk_port_by_name(device.name, &port)
        if found != 0 {
            _ = cdpdk_device_remove(device.bus, device.name)
            throw .system(found, attempt: "find the port of \(specification)", remedy: specification.refusalRemedy())
        }
        return port
    }

    /// Step 2: capabilities, pool, configuration, queues, modes.
    private init(
        _ specification: DeviceSpecification, _ configuration: PortConfiguration, _ running: EALOptions,
        _ busDevice: BusDevice, _ port: UInt16, _ sharedPools: [BufferPool]?
    ) throws(EthdevError) {
        let attempt = "configure \(specification)"
        var info = cdpdk_port_info()
        try check(cdpdk_port_info(port, &info), attempt, remedy: "close the port and open it again")
        let queueLimit = Int(min(info.maximum_receive_queues, info.maximum_transmit_queues))
        if configuration.queuePairs > queueLimit {
            throw EthdevError(
                .configuration, attempt: attempt,
                cause: "\(configuration.queuePairs) queue pairs asked for and the device has \(queueLimit)",
                remedy: "lower queuePairs to \(queueLimit)")
        }
        if info.maximum_mtu > 0, configuration.mtu > Int(info.maximum_mtu) {
            throw EthdevError(
                .configuration, attempt: attempt,
                cause: "MTU \(configuration.mtu) asked for and the device carries \(info.maximum_mtu)",
                remedy: "lower the MTU to \(info.maximum_mtu)")
        }
        let capabilities = PortCapabilities(info)
        let node = max(capabilities.numaNode ?? 0, 0)
        let freesFast = capabilities.freesFast && configuration.transmitsOnlyOwnBuffers
        let pools: [BufferPool]
        if let sharedPools {
            pools = sharedPools
        } else {
            pools = try BufferPool.make(configuration, node: node, for: specification, memory: running.hugePages)
        }
        do throws(EthdevError) {
            let fitted = try Self.configure(
                port, configuration, capabilities, freesFast: freesFast, node: node, pools: pools, attempt: attempt)
            receiveDescriptors = Int(fitted.receive)
            transmitDescriptors = Int(fitted.transmit)
        } catch {
            _ = cdpdk_port_close(port)
            if sharedPools == nil { for pool in pools { cdpdk_mempool_free(pool.pointer) } }
            throw error
        }
        var address: UInt64 = 0
        if cdpdk_port_mac(port, &address) != 0 || address == 0 {
            address = Self.localAddress(of: specification.description)
        }
        self.port = port
        self.busDevice = busDevice
        self.pools = pools
        self.capabilities = capabilities
        self.node = node
        self.freesFast = freesFast
        macAddress = address
        mtu = configuration.mtu
        computesSentChecksums = capabilities.writesChecksums && configuration.usesChecksumOffload
    }

    private static func configure(
        _ port: UInt16, _ configuration: PortConfiguration, _ capabilities: PortCapabilities, freesFast: Bool,
        node: Int, pools: [BufferPool], attempt: String
    ) throws(EthdevError) -> (receive: UInt16, transmit: UInt16) {
        var request = cdpdk_port_request()
        request.queue_pairs = UInt16(configuration.queuePairs)
        request.mtu = UInt32(configuration.mtu)
        request.receive_checksum = capabilities.checksReceivedChecksums && configuration.usesChecksumOffload
        request.transmit_checksum = capabilities.writesChecksums && configuration.usesChecksumOffload
        request.fast_free = freesFast
        request.receive_side_scaling = capabilities.scalesReceiveSide && configuration.queuePairs > 1
        ReceiveScaling.requestSymmetricKey(&request, bytes: capabilities.hashKeyBytes)
        let remedy = "lower queuePairs, the descriptor counts or the MTU; the driver's message stands above"
        try check(cdpdk_port_configure(port, &request), attempt, remedy: remedy)
        try setMTU(port, configuration.mtu, attempt)
        var receive = UInt16(configuration.receiveDescriptors)
        var transmit = UInt16(configuration.transmitDescriptors)
        try check(cdpdk_port_adjust_descriptors(port, &receive, &transmit), attempt, remedy: remedy)
        for (index, pool) in pools.enumerated() {
            let queue = UInt16(index)
            try check(
                cdpdk_port_setup_receive_queue(port, queue, receive, Int32(node), pool.pointer),
                "\(attempt), receive queue \(queue) of \(receive) descriptors", remedy: remedy)
            try check(
                cdpdk_port_setup_transmit_queue(port, queue, transmit, Int32(node)),
                "\(attempt), transmit queue \(queue) of \(transmit) descriptors", remedy: remedy)
        }
        return (receive, transmit)
    }

    /// Only when it differs: setting it writes to the kernel's interface where there is one.
    private static func setMTU(_ port: UInt16, _ mtu: Int, _ attempt: String) throws(EthdevError) {
        var current: UInt16 = 0
        if cdpdk_port_get_mtu(port, &current) == 0, Int(current) == mtu { return }
        let result = cdpdk_port_set_mtu(port, UInt16(mtu))
        // Devices of shared memory and files (ENOTSUP) have no MTU of their own: the buffers are the limit.
        if result == 95 { return }
        try check(result, "\(attempt), MTU \(mtu)", remedy: "choose an MTU the interface allows")
    }

    /// The last step backwards: the port closes, the device leaves its bus.
    static func remove(port: UInt16, _ device: BusDevice) {
        _ = cdpdk_port_close(port)
        _ = cdpdk_device_remove(device.bus, device.name)
    }

    /// A locally administered unicast address (IEEE 802, second bit of the first octet) from the FNV-1a hash of `name`.
    private static func localAddress(of name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return 0x0200_0000_0000 | (hash & 0x00FF_FFFF_FFFF)
    }
}
