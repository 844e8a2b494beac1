import Foundation
import TestSupport
import Testing

/// A made-up /sys, /proc, /etc and /run for the scripts that change a machine, with a kernel that answers their writes.
///
/// The scripts see no command but those listed here, so nothing of the real machine is reached. They write through `tee`,
/// so `tee` is the kernel: it notes every write in order and does what the kernel would do with the driver's link or the
/// pool.
final class MadeUpMachine {
    let folder: TemporaryFolder
    var root: String { folder.path + "/root" }
    private var tools: String { folder.path + "/bin" }

    init() throws {
        folder = try TemporaryFolder()
        for path in ["/run", "/var/lib", "/etc/systemd/system", "/sys/class/net", "/proc/net"] { try directory(path) }
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        for tool in ["bash", "cat", "dirname", "id", "ln", "mkdir", "readlink", "rm"] {
            let path = try #require(
                ["/usr/bin/", "/bin/"].map { $0 + tool }.first { FileManager.default.isExecutableFile(atPath: $0) })
            try FileManager.default.createSymbolicLink(atPath: "\(tools)/\(tool)", withDestinationPath: path)
        }
        try command("tee", Self.kernel)
    }

    // MARK: What the machine has

    func directory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }

    func file(_ path: String, _ text: String) throws {
        try directory((path as NSString).deletingLastPathComponent)
        _ = try folder.write(text + "\n", to: "root" + path)
    }

    func link(_ path: String, to target: String) throws {
        try directory((path as NSString).deletingLastPathComponent)
        try FileManager.default.createSymbolicLink(atPath: root + path, withDestinationPath: target)
    }

    /// A command the scripts find; `log` in it notes a line among the kernel's.
    func command(_ name: String, _ text: String) throws {
        let path = try folder.write(
            "#!/usr/bin/env bash\nlog() { printf '%s\\n' \"$*\" >>\"$WISSEL_ROOT/log\"; }\nsys=\"$WISSEL_ROOT/sys\"\n\(text)",
            to: "bin/\(name)")
        #expect(chmod(path, 0o755) == 0)
    }

    /// A driver the kernel has loaded.
    func driver(_ name: String) throws {
        for control in ["bind", "unbind"] { try file("/sys/bus/pci/drivers/\(name)/\(control)", "") }
    }

    /// A device on PCI.
    /// - Parameters:
    ///   - driver: the driver it has, which also takes it again when it is asked to be probed.
    ///   - group: its IOMMU group.
    func device(
        _ address: String, id: (vendor: String, device: String) = ("8086", "10d3"),
        class classCode: String = "0x020000",
        driver: String?, interface: String? = nil, node: Int = 0, group: Int? = nil
    ) throws {
        let path = "/sys/bus/pci/devices/\(address)"
        try file("\(path)/class", classCode)
        try file("\(path)/vendor", "0x" + id.vendor)
        try file("\(path)/device", "0x" + id.device)
        try file("\(path)/numa_node", "\(node)")
        try file("\(path)/driver_override", "(null)")
        try file("/sys/bus/pci/drivers_probe", "")
        if let driver {
            try self.driver(driver)
            try file("\(path)/usual-driver", driver)
            try link("\(path)/driver", to: "../../drivers/\(driver)")
        }
        if let group {
            try link("\(path)/iommu_group", to: "../../../../kernel/iommu_groups/\(group)")
            try directory("/sys/kernel/iommu_groups/\(group)/devices/\(address)")
        }
        if let interface {
            try directory("\(path)/net/\(interface)")
            try file("/sys/class/net/\(interface)/operstate", "down")
        }
    }

    /// Default routes as /proc/net tells them: over these interfaces, beside a route to a network and one that refuses.
    func routes(overIPv4 four: String? = nil, overIPv6 six: String? = nil) throws {
        let none = String(repeating: "0", count: 32)
        try file(
            "/proc/net/route",
            (["Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT"]
                + (four.map { ["\($0)\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0"] } ?? [])
                + ["ens1f0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0"]).joined(separator: "\n"))
        try file(
            "/proc/net/ipv6_route",
            ((six.map { ["\(none) 00 \(none) 00 fe80\(none.dropFirst(4)) 00000400 00000001 00000000 00000003 \($0)"] }
                ?? [])
                + ["\(none) 00 \(none) 00 \(none) ffffffff 00000001 00000000 00200200 ens1f0"]).joined(separator: "\n"))
    }

    /// Pools of huge pages: those of the machine, or those of a node.
    /// - Parameters:
    ///   - limit: the kernel's memory is enough for this many.
    ///   - inUse: so many it cannot take away.
    func pool(kibibytes: Int, node: Int? = nil, total: Int = 0, limit: Int? = nil, inUse: Int = 0) throws {
        let parent = node.map { "/sys/devices/system/node/node\($0)/hugepages" } ?? "/sys/kernel/mm/hugepages"
        let path = "\(parent)/hugepages-\(kibibytes)kB"
        try file("\(path)/nr_hugepages", "\(total)")
        try file("\(path)/free_hugepages", "\(total - inUse)")
        try file("\(path)/limit", "\(limit ?? 1_000_000)")
        try file("\(path)/in-use", "\(inUse)")
    }

    // MARK: Running

    /// Runs one of the repository's scripts on this machine.
    func run(_ script: String, _ arguments: String...) throws -> Program.Result {
        try run(script, arguments: arguments)
    }

    /// The same, through another command, which may take rights away.
    func run(_ script: String, arguments: [String], through wrapper: [String] = []) throws -> Program.Result {
        try Program.run(
            command: "/usr/bin/env",
            ["-i", "PATH=\(tools)", "WISSEL_ROOT=\(root)"] + wrapper + ["\(Program.repository)/\(script)"] + arguments)
    }

    /// What was written and called, in order, since the last time.
    func takeLog() -> [String] {
        let lines = folder.text("root/log").split(separator: "\n").map(String.init)
        unlink(root + "/log")
        return lines
    }

    /// What a file says, without the end of its line.
    func text(_ path: String) -> String { folder.text("root" + path).trimmingCharacters(in: .newlines) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

    /// The driver a device has now.
    func driver(of address: String) -> String? {
        let path = "\(root)/sys/bus/pci/devices/\(address)/driver"
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map {
            ($0 as NSString).lastPathComponent
        }
    }

    private static let kernel = #"""
        value=$(cat)
        path=$1 name=${1#"$WISSEL_ROOT"}
        log "${value//$'\n'/; } > $name"
        take() { ln -s "../../drivers/$2" "$sys/bus/pci/devices/$1/driver"; }
        case "$name" in
        */driver_override)
            printf '%s\n' "${value:-(null)}" >"$path" ;;
        */unbind)
            rm "$sys/bus/pci/devices/$value/driver" ;;
        */bind)
            name=${name%/bind}
            take "$value" "${name##*/}" ;;
        /sys/bus/pci/drivers_probe)
            driver=$(cat "$sys/bus/pci/devices/$value/driver_override")
            [ "$driver" != "(null)" ] || driver=$(cat "$sys/bus/pci/devices/$value/usual-driver")
            # A driver that is there and refuses the device: the kernel says nothing.
            [ ! -d "$sys/bus/pci/drivers/$driver" ] || [ -e "$sys/bus/pci/drivers/$driver/refuses" ] || take "$value" "$driver" ;;
        */nr_hugepages)
            pool=${path%/*} limit=$(cat "${path%/*}/limit") used=$(cat "${path%/*}/in-use")
            [ "$value" -le "$limit" ] || value=$limit
            [ "$value" -ge "$used" ] || value=$used
            printf '%s\n' "$value" >"$path"
            printf '%s\n' "$((value - used))" >"$pool/free_hugepages" ;;
        *)
            printf '%s\n' "$value" >"$path" ;;
        esac
        """#
}
