import Node
import Runtime

/// What stands between a NIC and DPDK: IOMMU, driver, group; and the kernel's side of virtual devices.
enum DeviceChecks {
    static let all = [
        MachineCheck("iommu", "devices", translation),
        MachineCheck("vfio", "devices", vfio),
        MachineCheck("tun", "devices", tunnel),
        MachineCheck("nic-present", "devices", present),
        MachineCheck("nic-driver", "devices", driver),
        MachineCheck("nic-group", "devices", group),
        MachineCheck("nic-numa", "devices", locality),
        MachineCheck("nic-link", "devices", link),
    ]

    /// Ports that DPDK drives alone, through a driver that only hands them over.
    private static func bound(_ machine: ExaminedMachine) -> [ExaminedPort] {
        machine.ports.filter { $0.pciAddress != nil && !$0.isShared(in: machine.folder) }
    }

    private static func translation(_ machine: ExaminedMachine) -> [Outcome] {
        let groups = machine.folder.names("/sys/kernel/iommu_groups").count
        if groups > 0 { return [.pass("\(groups) groups: a NIC reaches the memory it is given, and no other")] }
        let isAMD = (machine.folder.text("/proc/cpuinfo") ?? "").contains("AuthenticAMD")
        let remedy =
            Remedy.boot(isAMD ? "iommu=pt" : "intel_iommu=on iommu=pt")
            + ", with \(isAMD ? "AMD-Vi" : "VT-d") switched on in the firmware"
        let ports = bound(machine)
        let isUnsafe = machine.folder.line("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode") == "Y"
        let goesWithout = ports.allSatisfy { isUnsafe || $0.driver(in: machine.folder)?.contains("uio") ?? false }
        if ports.isEmpty {
            return [.warn("none: no NIC can be used through vfio-pci; virtual devices can", remedy: remedy)]
        }
        if goesWithout { return [.warn("none: the NIC can write to all memory of the machine", remedy: remedy)] }
        let names = ports.map(\.device).joined(separator: ", ")
        return [.fail("none: vfio-pci does not hand over \(names)", remedy: remedy)]
    }

    private static func vfio(_ machine: ExaminedMachine) -> [Outcome] {
        if machine.folder.exists("/dev/vfio/vfio") { return [.pass("/dev/vfio/vfio is there")] }
        let ports = bound(machine)
        let remedy = "sudo modprobe vfio-pci"
        let found = "/dev/vfio/vfio is missing: the kernel's module vfio is not loaded"
        if ports.contains(where: { $0.driver(in: machine.folder) == "vfio-pci" }) {
            return [.fail(found, remedy: remedy)]
        }
        if machine.configuration != nil, ports.isEmpty { return [.pass("not loaded, and no NIC needs it")] }
        // `scripts/nic bind` loads it, so that this alone keeps no port from being bound.
        return [.warn(found, remedy: remedy)]
    }

    private static func tunnel(_ machine: ExaminedMachine) -> [Outcome] {
        let isWanted = machine.ports.contains { if case .tap = $0.specification { true } else { false } }
        if machine.folder.exists("/dev/net/tun") { return [.pass("/dev/net/tun is there")] }
        let remedy = "sudo modprobe tun"
        if isWanted { return [.fail("/dev/net/tun is missing, and tap: devices are made with it", remedy: remedy)] }
        if machine.configuration != nil { return [.pass("/dev/net/tun is missing, and no device needs it")] }
        return [.warn("/dev/net/tun is missing: no tap: device can be made", remedy: remedy)]
    }

    // MARK: NICs

    private static func present(_ machine: ExaminedMachine) -> [Outcome] {
        machine.ports.compactMap { port in
            guard let address = port.pciAddress else { return nil }
            if port.path != nil { return Outcome.pass("PCI device \(address)").on(port.device) }
            return Outcome.fail("there is no PCI device \(address)", remedy: "scripts/nic list   # those there are").on(
                port.device)
        }
    }

    private static func driver(_ machine: ExaminedMachine) -> [Outcome] {
        machine.ports.compactMap { port in
            guard let address = port.pciAddress, port.path != nil else { return nil }
            let name = port.driver(in: machine.folder)
            if port.isShared(in: machine.folder) {
                return Outcome.pass("\(name ?? ""), which shares the port with DPDK").on(port.device)
            }
            if let name, ["vfio-pci", "uio_pci_generic", "igb_uio"].contains(name) {
                return Outcome.pass(name).on(port.device)
            }
            return Outcome.fail(
                name.map { "the kernel's driver \($0) has it" } ?? "no driver has it",
                remedy: "sudo scripts/nic bind \(address)"
            ).on(port.device)
        }
    }

    /// VFIO hands over whole groups: none of its devices may be in use by the kernel (Documentation/driver-api/vfio.rst).
    private static func group(_ machine: ExaminedMachine) -> [Outcome] {
        bound(machine).compactMap { port in
            guard let path = port.path, let group = machine.folder.link("\(path)/iommu_group") else { return nil }
            let used = machine.folder.names("\(path)/iommu_group/devices").compactMap { address -> (String, String)? in
                guard address != port.pciAddress,
                    let driver = machine.folder.link("/sys/bus/pci/devices/\(address)/driver"),
                    !["vfio-pci", "pcieport", "pci-stub"].contains(driver)
                else { return nil }
                return (address, driver)
            }
            guard let first = used.first else { return Outcome.pass("group \(group) is its own").on(port.device) }
            let rows = used.map { "\($0) (\($1))" }.joined(separator: ", ")
            return Outcome.fail(
                "IOMMU group \(group) also has \(rows), in use by the kernel",
                remedy: "sudo scripts/nic bind \(first.0)   # or put the NIC into another slot"
            ).on(port.device)
        }
    }

    private static func locality(_ machine: ExaminedMachine) -> [Outcome] {
        guard let plan = machine.configured, let topology = try? machine.topology.get() else { return [] }
        return machine.ports.compactMap { port in
            guard port.path != nil else { return nil }
            if topology.nodes.count < 2 { return Outcome.pass("one NUMA node").on(port.device) }
            guard let node = port.numaNode else {
                return Outcome.warn(
                    "the device names no NUMA node, on a machine of \(topology.nodes.count)",
                    remedy: "look in the board's manual which socket the slot is wired to"
                ).on(port.device)
            }
            let far = port.stages.compactMap { stage -> String? in
                guard let cpu = plan.core(ofStage: stage)?.cpu, let place = topology.cpu(cpu)?.node, place != node
                else { return nil }
                return "\(stage) on CPU \(cpu) of node \(place)"
            }
            if far.isEmpty { return Outcome.pass("node \(node), as its network cores").on(port.device) }
            let found = "node \(node), and \(far.joined(separator: ", ")): each packet crosses the link between sockets"
            let remedy = "wissel plan --config node.yaml   # puts network cores where the NIC is"
            let refuses = machine.configuration?.cores.remoteMemory == .refuse
            return (refuses ? Outcome.fail(found, remedy: remedy) : .warn(found, remedy: remedy)).on(port.device)
        }
    }

    /// Of ports the kernel still has; those of vfio-pci tell when they are opened.
    private static func link(_ machine: ExaminedMachine) -> [Outcome] {
        machine.ports.compactMap { port in
            let name: String?
            switch port.specification {
            case .afPacket(let interface), .afXDP(let interface): name = interface
            case .pci: name = port.path.flatMap { machine.folder.names("\($0)/net").first }
            case .tap, .memif, .ring, .null, .pcap: name = nil
            }
            guard let name, let state = machine.folder.line("/sys/class/net/\(name)/operstate") else { return nil }
            let speed = machine.folder.number("/sys/class/net/\(name)/speed").flatMap { $0 > 0 ? $0 : nil }
            if state == "up" {
                return Outcome.pass("\(name) is up" + (speed.map { ", \(grouped($0)) Mbit/s" } ?? "")).on(port.device)
            }
            return Outcome.warn(
                "\(name) is \(state)",
                remedy: "sudo ip link set \(name) up   # and look at the cable and the switch port"
            ).on(port.device)
        }
    }
}
