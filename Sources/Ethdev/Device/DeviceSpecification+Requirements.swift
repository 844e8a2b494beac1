import CPlatform
import Runtime

extension DeviceSpecification {
    /// Asks the machine for what the device needs, because drivers report a missing right, interface or file alike
    /// as a bare -1.
    func checkRequirements() throws(EthdevError) {
        let attempt = "open \(self)"
        switch self {
        case .pci(let address):
            guard SystemFile.exists("/sys/bus/pci/devices/\(address)") else {
                throw EthdevError(
                    .notFound, attempt: attempt, cause: "there is no PCI device \(address)",
                    remedy: "take an address that lspci -D lists")
            }
        case .tap(let name):
            guard SystemFile.exists("/dev/net/tun") else {
                throw EthdevError(
                    .notFound, attempt: attempt, cause: "/dev/net/tun is not there", remedy: "load it: modprobe tun")
            }
            try requireCapability(12, "CAP_NET_ADMIN", attempt)
            if Self.interfaceExists(name) {
                throw EthdevError(
                    .device, attempt: attempt, cause: "an interface named \(name) exists already",
                    remedy: "choose another name or remove it: ip link delete \(name)")
            }
        case .afPacket(let interface):
            try requireInterface(interface, attempt)
            try requireCapability(13, "CAP_NET_RAW", attempt)
        case .afXDP(let interface):
            try requireInterface(interface, attempt)
            try requireCapability(12, "CAP_NET_ADMIN", attempt)
            try requireCapability(13, "CAP_NET_RAW", attempt)
        case .memif(let role, let path, _):
            if role == .server { try requireDirectory(of: path, attempt) }
        case .pcap(let receive, let transmit):
            if let receive, !SystemFile.exists(receive) {
                throw EthdevError(
                    .notFound, attempt: attempt, cause: "there is no file \(receive)",
                    remedy: "name a capture file in pcap format")
            }
            if let transmit { try requireDirectory(of: transmit, attempt) }
        case .ring, .null:
            break
        }
    }

    private static func interfaceExists(_ name: String) -> Bool {
        var index: Int32 = 0
        return cplatform_interface_index(name, &index) == 0
    }

    private func requireInterface(_ name: String, _ attempt: String) throws(EthdevError) {
        if Self.interfaceExists(name) { return }
        throw EthdevError(
            .notFound, attempt: attempt, cause: "interface \(name) does not exist in this network namespace",
            remedy: "create it or take a name that ip link shows")
    }

    private func requireCapability(_ bit: Int, _ name: String, _ attempt: String) throws(EthdevError) {
        if ProcessRights.hold(bit) { return }
        throw EthdevError(
            .permission, attempt: attempt, cause: "the right \(name) is missing",
            remedy: "run as root, or: setcap \(name.lowercased())+ep on the program")
    }

    private func requireDirectory(of path: String, _ attempt: String) throws(EthdevError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let directory = parts.isEmpty ? "." : parts.joined(separator: "/")
        if SystemFile.isWritableDirectory(directory.isEmpty ? "/" : directory) { return }
        throw EthdevError(
            .notFound, attempt: attempt, cause: "directory \(directory) is missing or not writable",
            remedy: "create it or give write permission")
    }

    /// What to do when the driver itself refused.
    func refusalRemedy() -> String {
        switch self {
        case .pci(let address):
            let driver = linkName("/sys/bus/pci/devices/\(address)/driver")
            if let driver, driver.hasPrefix("vfio") || driver.hasPrefix("uio") || driver == "igb_uio" {
                return
                    "it is bound to \(driver): check that EALOptions.pciAddresses names it and its IOMMU group is free"
            }
            return "it is bound to \(driver ?? "no driver"): sudo scripts/nic bind \(address)"
        case .tap: return "check /dev/net/tun and that the process has CAP_NET_ADMIN in this network namespace"
        case .afPacket: return "check that no other program holds the interface and lower receiveDescriptors"
        case .afXDP:
            return "check that the kernel has XDP sockets, that the process has CAP_BPF (root), and that no other XDP "
                + "program is attached (ip link); af_packet works everywhere"
        case .memif: return "check that no other server uses the socket, and the rights on it"
        case .ring, .null: return "check that no other port of the process has this name"
        case .pcap: return "check that the file is a capture in pcap format"
        }
    }
}
