import Ethdev
import Node
import Wire

/// One interface of a configuration, opened as the node would open it, looked at and closed again.
struct InterfaceExamination {
    private let interface: NodeConfiguration.Interface
    private let area: String

    init(_ interface: NodeConfiguration.Interface) {
        self.interface = interface
        area = interface.device
    }

    /// EAL must run.
    func findings(_ configuration: NodeConfiguration) -> [Finding] {
        let port: EthdevPort
        do throws(EthdevError) {
            let specification = try DeviceSpecification(parsing: interface.device)
            port = try PortSetup.open(interface, specification, configuration.memory)
        } catch {
            return [.fail(area, "device", error.cause, remedy: error.remedy)]
        }
        defer { port.close() }
        let node = port.capabilities.numaNode.map { "node \($0)" } ?? "no node of its own"
        return [
            .ok(area, "device", "opens: \(port.driverName), \(MACAddress(rawValue: port.macAddress)), \(node)"),
            link(port), size(port), queues(port), scaling(port), steering(port, configuration), checksums(port),
            freeing(port), timestamps(port), bursts(port),
        ]
    }

    private func link(_ port: EthdevPort) -> Finding {
        let status = port.link()
        guard status.isUp else {
            return .warn(
                area, "link", "down",
                remedy: port.specification.connectsAtStart
                    ? "start the other process; the node connects when it is there"
                    : "check the cable, the switch port or the other process; the node starts without it")
        }
        let speed = status.megabitsPerSecond.map { ", \(grouped($0)) Mbit/s" } ?? ""
        return .ok(area, "link", "up\(speed), \(status.isFullDuplex ? "full" : "half") duplex")
    }

    private func size(_ port: EthdevPort) -> Finding {
        let most = port.capabilities.maximumMTU.map { "the device carries up to \(grouped($0))" }
        return .ok(area, "MTU", "\(interface.mtu) asked for; \(most ?? "the device sets no limit")")
    }

    private func queues(_ port: EthdevPort) -> Finding {
        let descriptors = "\(port.receiveDescriptors) and \(port.transmitDescriptors) descriptors"
        let offered = "\(interface.queues) asked for, \(port.maximumQueuePairs) offered"
        return .ok(area, "queues", "\(offered); \(descriptors), \(grouped(port.bufferCount)) buffers")
    }

    private func scaling(_ port: EthdevPort) -> Finding { .ok(area, "spreading", "\(port.scaling)") }

    private func steering(_ port: EthdevPort, _ configuration: NodeConfiguration) -> Finding {
        do throws(EthdevError) {
            let steering = try PortSetup.steer(port, interface, orderPort: configuration.orderEntry.port)
            return .ok(area, "orders by the", steering.text)
        } catch {
            return .fail(area, "orders", error.cause, remedy: error.remedy)
        }
    }

    private func checksums(_ port: EthdevPort) -> Finding {
        func who(_ device: Bool) -> String { device ? "device" : "software" }
        let offered = port.capabilities
        return .ok(
            area, "checksums",
            "received: \(who(offered.checksReceivedChecksums)); sent: software"
                + (offered.writesChecksums ? ", though the device could" : ""))
    }

    private func freeing(_ port: EthdevPort) -> Finding { .ok(area, "buffers", port.freeingText) }

    private func timestamps(_ port: EthdevPort) -> Finding {
        let stamps = port.capabilities.stampsReceivedFrames
        let text = stamps ? "the device could stamp received frames" : "none by the device"
        return .ok(area, "timestamps", "\(text); the clock is read at the poll")
    }

    private func bursts(_ port: EthdevPort) -> Finding { .ok(area, "burst mode", port.burstText) }
}
