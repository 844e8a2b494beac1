extension DeviceSpecification {
    /// The EAL arguments with which another DPDK process opens the same kind of device, and this very one where it is
    /// a NIC or an interface of the kernel. A NIC must be closed here before.
    public func environmentArguments(for configuration: PortConfiguration) -> [String] {
        let device = busDevice(for: configuration)
        guard device.bus == "vdev" else { return ["-a", device.name] }
        return ["--vdev=" + (device.arguments.isEmpty ? device.name : "\(device.name),\(device.arguments)")]
    }
}
