import Glibc

/// Where in the machine a device sits.
public struct DeviceLocality: Sendable, Equatable {
    public enum Device: Sendable, Equatable {
        /// By its address, `0000:03:00.0`.
        case pci(String)
        /// A network interface of the kernel by its name.
        case interface(String)
    }

    /// The NUMA node; nil when the device names none, as virtual interfaces do, and NICs of machines with one node.
    public var node: Int?
    /// The CPUs the firmware calls near, ascending; empty when it tells none.
    public var nearCPUs: [Int]

    /// Reads it from /sys.
    /// - Parameter root: as of `MachineTopology.init(root:)`.
    /// - Throws: when there is no such device, or its files say something else than numbers.
    public init(of device: Device, root: String = "/") throws(TopologyError) {
        let system = SystemFolder(root: root)
        let folder: String
        switch device {
        case .pci(let address):
            folder = system.path("bus/pci/devices/\(address)")
            guard access(folder, F_OK) == 0 else {
                throw .noDevice(
                    device: "PCI device \(address)", folder: folder, remedy: "take an address that lspci -D lists")
            }
        case .interface(let name):
            let own = system.path("class/net/\(name)")
            guard access(own, F_OK) == 0 else {
                throw .noDevice(
                    device: "interface \(name)", folder: own, remedy: "take a name that 'ip link' lists, or create it")
            }
            folder = own + "/device"
        }
        // -1 is how the kernel says that the firmware says nothing.
        node = try SystemFolder.number("\(folder)/numa_node").flatMap { $0 >= 0 ? $0 : nil }
        nearCPUs = try SystemFolder.list("\(folder)/local_cpulist") ?? []
    }
}
