import Ethdev
import Foundation
import Runtime

/// What of the machine the figures depend on, so that they can be judged elsewhere.
struct HostFingerprint: Sendable {
    struct Line: Encodable, Sendable {
        var name: String
        var value: String
    }

    let lines: [Line]

    /// Reads /proc and /sys. EAL must run.
    /// - Parameters:
    ///   - cpu: the one whose work was measured.
    ///   - burstModes: the drivers' functions by device.
    init(cpu: Int, clock: Clock, burstModes: [(device: String, mode: String)] = []) {
        let information = textFile("/proc/cpuinfo") ?? ""
        let sysCPU = "/sys/devices/system/cpu"
        let existing = AvailableCPUs.existing()
        var lines = [
            Line(name: "CPU", value: Self.field("model name", of: information) ?? "not told"),
            Line(
                name: "CPUs",
                value: "\(existing) (\(existing.count)); time-stamp counter "
                    + String(format: "%.3f GHz", Double(clock.tscHertz) / 1e9)),
            Line(name: "virtual machine", value: Self.isVirtual(information) ? "yes" : "no"),
            Line(
                name: "governor",
                value: Self.line("\(sysCPU)/cpu\(cpu)/cpufreq/scaling_governor")
                    ?? "none to be seen: the frequency is not this machine's to set"),
            Line(name: "isolated CPUs", value: Self.line("\(sysCPU)/isolated") ?? "none"),
            Line(name: "CPUs without tick", value: Self.line("\(sysCPU)/nohz_full") ?? "none"),
            Line(name: "huge pages", value: Self.hugePages(HugePages.status())),
            Line(name: "NUMA nodes", value: "\(NUMA.nodeCount)"),
            Line(name: "kernel", value: Self.line("/proc/sys/kernel/osrelease") ?? "not told"),
            Line(name: "DPDK", value: EAL.version),
            Line(name: "compiler", value: "\(Self.compiler), \(Self.isDebugBuild ? "debug" : "release") build"),
        ]
        for (device, mode) in burstModes { lines.append(Line(name: "driver of \(device)", value: mode)) }
        self.lines = lines
    }

    /// What of the build a reader must know, with the remedy.
    static var warnings: [String] {
        isDebugBuild
            ? [
                "this is a debug build, several times slower than what is deployed: measure with "
                    + "'swift build -c release' and .build/release/wissel"
            ] : []
    }

    private static var isDebugBuild: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// The release this was compiled with, as far as the language lets one ask.
    private static var compiler: String {
        #if compiler(>=6.4)
            "Swift 6.4 or later"
        #elseif compiler(>=6.3.1)
            "Swift 6.3.1 or later"
        #else
            "Swift 6.3"
        #endif
    }

    private static func isVirtual(_ information: String) -> Bool {
        field("flags", of: information)?.split(separator: " ").contains("hypervisor") ?? false
    }

    /// The value behind a name in /proc/cpuinfo, of the first CPU.
    private static func field(_ name: String, of information: String) -> String? {
        for line in information.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { continue }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// What a file says; nil when there is none or nothing in it.
    private static func line(_ path: String) -> String? {
        let text = textFile(path)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return text.isEmpty || text == "(null)" ? nil : text
    }

    private static func hugePages(_ status: HugePages) -> String {
        let pools = status.pools.filter { $0.node == nil && $0.total > 0 }
        if pools.isEmpty { return "none" }
        return pools.map { "\($0.total) × \($0.pageBytes >> 20) MB, \($0.free) free" }.joined(separator: "; ")
    }
}
