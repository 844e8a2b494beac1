import Ethdev
import Node
import Runtime
import Wire

/// From the interfaces of a configuration to open ports; what the node and the doctor have in common.
enum PortSetup {
    /// Brings up EAL with the memory the configuration asks for, on huge pages when there are enough.
    static func startEAL(
        for configuration: NodeConfiguration, _ specifications: [DeviceSpecification], hugePages: EALOptions.HugePages,
        pollingThreads: Int = 1
    ) throws(EthdevError) {
        try EAL.start(
            EALOptions(
                hugePages: hugePages,
                pciAddresses: specifications.compactMap { if case .pci(let address) = $0 { address } else { nil } },
                filePrefix: configuration.memory.filePrefix, telemetry: configuration.dpdk.telemetry == .on,
                // The TAP driver complains about flow rules it cannot set up on kernels without multiq; what was asked
                // for and refused is told with its reason anyway.
                extraArguments: [
                    "--log-level=pmd.net.tap:critical", "--log-level=lib.eal:error", "--log-level=lib.telemetry:error",
                ], pollingThreads: pollingThreads))
    }

    /// Huge pages or none, by what is free now.
    static func memory(for configuration: NodeConfiguration) throws(EthdevError) -> HugePageDecision {
        let (memory, interfaces) = (configuration.memory, configuration.interfaces)
        let ordinary = max(
            memory.megabytes(interfaces: interfaces, onHugePages: false), memory.megabytesWithoutHugePages)
        if memory.hugePages == .none { return HugePageDecision(pools: [], neededMegabytes: ordinary) }
        let ports = try ExaminedPort.all(of: configuration, in: MachineFolder(root: "/"))
        return HugePageDecision(
            pools: HugePages.status().pools, needs: memoryNeeds(configuration, ports), ordinaryMegabytes: ordinary)
    }

    /// What the interfaces need in huge pages: each NIC on its node, all others together on any one.
    static func memoryNeeds(_ configuration: NodeConfiguration?, _ ports: [ExaminedPort]) -> [HugePageDecision.Need] {
        guard let memory = configuration?.memory else { return [] }
        let byNode = Dictionary(grouping: ports) { $0.pciAddress == nil ? nil : $0.numaNode }
        return byNode.sorted { ($0.key ?? -1) < ($1.key ?? -1) }.map { node, ports in
            HugePageDecision.Need(
                node: node, megabytes: memory.megabytes(interfaces: ports.map(\.interface), onHugePages: true))
        }
    }

    /// Opens and starts one interface, its kernel side included; nothing stays behind when it fails.
    static func open(
        _ interface: NodeConfiguration.Interface, _ specification: DeviceSpecification,
        _ memory: NodeConfiguration.Memory
    ) throws(EthdevError) -> EthdevPort {
        let port = try EthdevPort(
            specification,
            configuration: PortConfiguration(
                queuePairs: interface.queues, receiveDescriptors: Limits.descriptors,
                transmitDescriptors: Limits.descriptors, mbufCount: memory.buffers,
                mbufDataBytes: PortConfiguration.mbufDataBytes(mtu: interface.mtu), mtu: interface.mtu,
                usesChecksumOffload: interface.checksumOffload == .auto, allMulticast: true,
                // Reports are written into buffers of the queue they leave by, and answers leave in the buffer and by
                // the queue their question came in.
                transmitsOnlyOwnBuffers: true))
        do throws(EthdevError) {
            try port.start()
            if case .tap(let name) = specification, let host = interface.hostAddress {
                try TapAddress(
                    interface: name, address: host.rawValue, prefixLength: interface.prefixLength, mtu: interface.mtu,
                    transmitQueueLength: Limits.tapQueueLength
                ).apply()
            }
        } catch {
            port.close()
            throw error
        }
        return port
    }

    /// Who sorts orders out on a port, and why.
    struct Steering {
        let isHardware: Bool
        let text: String
    }

    /// Leads orders to a queue of their own where the configuration wants it and the device can.
    /// - Throws: when the configuration insists and the device cannot.
    static func steer(
        _ port: EthdevPort, _ interface: NodeConfiguration.Interface, orderPort: UInt16
    ) throws(EthdevError) -> Steering {
        func software(_ reason: String) -> Steering {
            Steering(isHardware: false, text: "software classifier: \(reason)")
        }
        if interface.steering == .software { return software("the configuration says so") }
        if interface.queues == 1 { return software("one queue, nothing to steer to") }
        do throws(EthdevError) {
            try port.steer(FlowSteering.Request(address: interface.address.rawValue, port: orderPort))
        } catch {
            if interface.steering == .hardware { throw error }
            return software(error.cause)
        }
        guard let reason = port.steering?.sharedBecause else {
            return Steering(isHardware: true, text: "hardware: orders have queue \(FlowSteering.queue) to themselves")
        }
        return Steering(
            isHardware: true,
            text: "hardware: orders come in on queue \(FlowSteering.queue), and the rest too, because \(reason)")
    }
}

extension EthdevPort {
    /// How buffers that were sent come back to their pool.
    var freeingText: String {
        if freesFast { return "sent buffers freed in bulk" }
        return capabilities.freesFast ? "sent buffers freed one by one" : "no fast free: the driver does not offer it"
    }

    /// The burst functions of all queues in one phrase.
    var burstText: String {
        let modes = burstModes
        let first = modes[0]
        if modes.allSatisfy({ $0 == first }) { return "\(first)" }
        return modes.enumerated().map { "queue \($0): \($1)" }.joined(separator: "; ")
    }
}
