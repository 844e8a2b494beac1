import Ethdev
import Glibc
import Node
import Runtime

/// What the process may do, and the DPDK it meets.
enum ProcessChecks {
    static let all = [
        MachineCheck("rights", "process", rights),
        MachineCheck("memlock", "process", lockedMemory),
        MachineCheck("runtime-folder", "process", runtimeFolder),
        MachineCheck("dpdk-version", "dpdk", version),
        MachineCheck("dpdk-drivers", "dpdk", drivers),
    ]

    // The numbers of linux/capability.h.
    private static let names = [12: "CAP_NET_ADMIN", 13: "CAP_NET_RAW", 14: "CAP_IPC_LOCK", 21: "CAP_SYS_ADMIN"]
    private static let lockCapability = 14

    private static func rights(_ machine: ExaminedMachine) -> [Outcome] {
        func missing(_ bits: Set<Int>) -> String {
            bits.filter { !machine.holds(capability: $0) }.sorted().compactMap { names[$0] }.joined(separator: ", ")
        }
        let needed = machine.ports.reduce(into: Set<Int>()) { bits, port in
            switch port.specification {
            case .tap: bits.insert(12)
            case .afPacket: bits.insert(13)
            case .afXDP: bits.formUnion([12, 13])
            case .pci, .memif, .ring, .null, .pcap: break
            }
        }
        let remedy =
            "sudo setcap cap_net_admin,cap_net_raw,cap_ipc_lock,cap_sys_admin+ep \(CommandLine.arguments[0])   # or run "
            + "it with sudo"
        let lacking = missing(needed)
        if !lacking.isEmpty { return [.fail("missing for the devices: \(lacking)", remedy: remedy)] }
        let rest = missing(Set(names.keys))
        if rest.isEmpty { return [.pass("all that devices need")] }
        return [.warn("missing: \(rest): TAP, packet sockets, huge pages or NICs may not open", remedy: remedy)]
    }

    /// What the NIC may write to is locked, and counts against the limit without CAP_IPC_LOCK.
    private static func lockedMemory(_ machine: ExaminedMachine) -> [Outcome] {
        if machine.holds(capability: lockCapability) { return [.pass("no limit, by CAP_IPC_LOCK")] }
        let lines = (machine.folder.text("/proc/self/limits") ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("Max locked memory") }?.dropFirst(17)
        guard let soft = line?.split(separator: " ").first else { return [.pass("no limit is told")] }
        guard let bytes = Int(soft) else { return [.pass(String(soft))] }
        let needed =
            machine.demand?.megabytes ?? 1_024
        let text = "\(grouped(bytes >> 20)) MiB may be locked"
        if bytes >> 20 >= needed { return [.pass(text)] }
        let found = "\(text), and \(grouped(needed)) are wanted for what NICs write to"
        let remedy = "sudo prlimit --memlock=unlimited --pid $$   # for this shell; LimitMEMLOCK= of a systemd unit"
        let isNeeded = machine.ports.contains { $0.pciAddress != nil }
        return [isNeeded ? .fail(found, remedy: remedy) : .warn(found, remedy: remedy)]
    }

    /// EAL keeps its sockets there (`eal_create_runtime_dir`): root's below /run, others' where the session says.
    private static func runtimeFolder(_ machine: ExaminedMachine) -> [Outcome] {
        let session = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }
        let path = geteuid() == 0 ? "/run" : session ?? "/tmp"
        if access(machine.folder.path(path), W_OK | X_OK) == 0 { return [.pass("\(path) can be written to")] }
        return [
            .fail(
                "\(path) is missing or cannot be written to: DPDK keeps its sockets there",
                remedy: "sudo mkdir -p \(path) && sudo mount -t tmpfs tmpfs \(path)")
        ]
    }

    // MARK: DPDK

    /// A copy of a machine is asked what is installed there, this one what was loaded.
    private static func version(_ machine: ExaminedMachine) -> [Outcome] {
        let built = EAL.headerVersion
        let description = "/usr/lib/x86_64-linux-gnu/pkgconfig/libdpdk.pc"
        let lines = (machine.folder.text(description) ?? "").split(separator: "\n")
        let installed = lines.first { $0.hasPrefix("Version:") }.map { MachineFolder.trimmed($0.dropFirst(8)) }
        let loaded = machine.folder.isHere ? EAL.version.split(separator: " ").last.map(String.init) : installed
        guard let loaded else { return [.pass("built with \(built); what is installed there is not told")] }
        if loaded == built { return [.pass("\(built), headers and library alike")] }
        let remedy = "sudo apt install --reinstall libdpdk-dev && swift build -c release"
        let found = "built with the headers of \(built), and the library is \(loaded)"
        func release(_ text: String) -> [Substring] { Array(text.split(separator: ".").prefix(2)) }
        return [release(loaded) == release(built) ? .warn(found, remedy: remedy) : .fail(found, remedy: remedy)]
    }

    private static func drivers(_ machine: ExaminedMachine) -> [Outcome] {
        let there = EAL.driverNames(folder: machine.folder.path(EAL.driverFolder))
        let needed = Set(machine.ports.compactMap(\.specification.driverName))
        let missing = needed.subtracting(there).sorted()
        let remedy = "sudo apt install librte-meta-net"
        if there.isEmpty { return [.fail("no network driver in \(EAL.driverFolder)", remedy: remedy)] }
        if !missing.isEmpty {
            return [.fail("\(EAL.driverFolder) lacks \(missing.joined(separator: ", "))", remedy: remedy)]
        }
        return [.pass("\(there.count) network drivers in \(EAL.driverFolder)")]
    }
}

extension DeviceSpecification {
    /// DPDK's driver of a virtual device; a NIC's is found by its identifiers when it is opened.
    fileprivate var driverName: String? {
        switch self {
        case .pci: nil
        case .tap: "tap"
        case .afPacket: "af_packet"
        case .afXDP: "af_xdp"
        case .memif: "memif"
        case .ring: "ring"
        case .null: "null"
        case .pcap: "pcap"
        }
    }
}
