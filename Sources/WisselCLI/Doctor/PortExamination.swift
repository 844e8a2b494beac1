import Ethdev
import Node
import Wire

/// One interface of a configuration, opened as the node would open it, looked at and closed again. EAL must run.
struct PortExamination {
    /// The names of its checks, which stand in the table of README.md with those of the machine.
    static let ids = [
        "device-open", "device-link", "device-mtu", "device-queues", "device-rss", "device-steering",
        "device-checksums", "device-fast-free", "device-timestamps", "device-timesync", "device-bursts",
    ]

    private let port: ExaminedPort
    private var interface: NodeConfiguration.Interface { port.interface }

    init(_ port: ExaminedPort) { self.port = port }

    func findings(_ configuration: NodeConfiguration) -> [Finding] {
        let open: EthdevPort
        do throws(EthdevError) {
            open = try PortSetup.open(interface, port.specification, configuration.memory)
        } catch {
            return [finding("device-open", .fail(error.cause, remedy: error.remedy))]
        }
        defer { open.close() }
        let node = open.capabilities.numaNode.map { "node \($0)" } ?? "no node of its own"
        return [
            finding("device-open", .pass("\(open.driverName), \(MACAddress(rawValue: open.macAddress)), \(node)")),
            finding("device-link", link(open)), finding("device-mtu", size(open)),
            finding("device-queues", queues(open)), finding("device-rss", scaling(open)),
            finding("device-steering", steering(open, configuration)),
            finding("device-checksums", checksums(open)), finding("device-fast-free", freeing(open)),
            finding("device-timestamps", timestamps(open)), finding("device-timesync", synchronisation(open)),
            finding("device-bursts", .pass(open.burstText)),
        ]
    }

    private func finding(_ id: String, _ outcome: Outcome) -> Finding {
        outcome.finding(id: id, area: port.device)
    }

    /// What only a NIC is expected to do: a virtual device without it is well.
    private func lacking(_ found: String) -> Outcome {
        if port.pciAddress == nil { return .pass(found) }
        return .warn(found, remedy: "a NIC whose driver can: DPDK's NIC guide, 'Overview of Networking Drivers'")
    }

    private func link(_ open: EthdevPort) -> Outcome {
        let status = open.link()
        guard status.isUp else {
            return .warn(
                "down",
                remedy: port.specification.connectsAtStart
                    ? "start the other process; the node connects when it is there"
                    : "check the cable, the switch port or the other process; the node starts without it")
        }
        let speed = status.megabitsPerSecond.map { ", \(grouped($0)) Mbit/s" } ?? ""
        let text = "up\(speed), \(status.isFullDuplex ? "full" : "half") duplex"
        if status.isFullDuplex { return .pass(text) }
        return .warn(text, remedy: "let both sides agree by themselves: auto-negotiation on at the switch port")
    }

    private func size(_ open: EthdevPort) -> Outcome {
        let most = open.capabilities.maximumMTU.map { "the device carries up to \(grouped($0))" }
        return .pass("\(interface.mtu) asked for; \(most ?? "the device sets no limit")")
    }

    private func queues(_ open: EthdevPort) -> Outcome {
        let descriptors = "\(open.receiveDescriptors) and \(open.transmitDescriptors) descriptors"
        let offered = "\(interface.queues) asked for, \(open.maximumQueuePairs) offered"
        return .pass("\(offered); \(descriptors), \(grouped(open.bufferCount)) buffers")
    }

    private func scaling(_ open: EthdevPort) -> Outcome {
        let isWanted = interface.queues > 1 && !open.capabilities.scalesReceiveSide
        return isWanted ? lacking("\(open.scaling)") : .pass("\(open.scaling)")
    }

    /// The node's own flow rules, set up for the length of the examination.
    private func steering(_ open: EthdevPort, _ configuration: NodeConfiguration) -> Outcome {
        do throws(EthdevError) {
            let steering = try PortSetup.steer(open, interface, orderPort: configuration.orderEntry.port)
            let isWanted = interface.queues > 1 && interface.steering != .software && !steering.isHardware
            return isWanted ? lacking(steering.text) : .pass(steering.text)
        } catch {
            return .fail(error.cause, remedy: error.remedy)
        }
    }

    private func checksums(_ open: EthdevPort) -> Outcome {
        func who(_ device: Bool) -> String { device ? "device" : "software" }
        let offered = open.capabilities
        let text =
            "received: \(who(offered.checksReceivedChecksums)); sent: software"
            + (offered.writesChecksums ? ", though the device could" : "")
        return offered.checksReceivedChecksums ? .pass(text) : lacking(text)
    }

    private func freeing(_ open: EthdevPort) -> Outcome {
        open.freesFast ? .pass(open.freeingText) : lacking(open.freeingText)
    }

    private func timestamps(_ open: EthdevPort) -> Outcome {
        let stamps = open.capabilities.stampsReceivedFrames
        let text = stamps ? "the device could stamp received frames" : "none by the device"
        return .pass("\(text); the clock is read at the poll")
    }

    private func synchronisation(_ open: EthdevPort) -> Outcome {
        .pass(open.offersTimeSynchronisation ? "the device has a clock for PTP (IEEE 1588)" : "no clock in the device")
    }
}
