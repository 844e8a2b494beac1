import Foundation
import TestSupport
import Testing

/// A made-up machine on which every check passes: two sockets of four cores with two threads each; CPUs 4 to 7 and their
/// siblings are the node's, a NIC is on their NUMA node, bound to vfio-pci, with huge pages beside it.
final class HealthyMachine {
    static let nic = "/sys/bus/pci/devices/0000:81:00.0"
    static let cpu = "/sys/devices/system/cpu"
    /// Where the program looks for drivers; the name holds the version of DPDK's binary interface.
    static let drivers: String = {
        let folder = "/usr/lib/x86_64-linux-gnu/dpdk"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return "\(folder)/\(names.first { $0.hasPrefix("pmds-") } ?? "pmds")"
    }()
    static let description = "/usr/lib/x86_64-linux-gnu/pkgconfig/libdpdk.pc"

    let machine: MadeUpMachine
    /// Kept as long as the machine needs it.
    var disk: SmallDisk?

    init() throws {
        machine = try MadeUpMachine()
        try RecordedTopology(
            """
            online 0-15
            isolated 4-7,12-15
            tickless 4-7,12-15
            smt 8
            package 0: 0-3,8-11
            package 1: 4-7,12-15
            l3: 0-3,8-11
            l3: 4-7,12-15
            node 0: 0-3,8-11
            node 1: 4-7,12-15
            distances 0: 10 21
            distances 1: 21 10
            net eth9: 1
            """
        ).write(to: machine.root)
        for (path, text) in Self.files { try machine.file(path, text) }
        for cpu in [4, 5, 6, 7, 12, 13, 14, 15] {
            let own = "\(Self.cpu)/cpu\(cpu)"
            try machine.file("\(own)/cpufreq/scaling_governor", "performance")
            try machine.file("\(own)/cpufreq/energy_performance_preference", "performance")
            try machine.file("\(own)/cpuidle/state1/name", "C1")
            try machine.file("\(own)/cpuidle/state1/latency", "2")
            try machine.file("\(own)/cpuidle/state1/disable", "0")
        }
        try machine.device("0000:81:00.0", driver: "vfio-pci", node: 1, group: 7)
        for (name, text) in [
            ("current_link_width", "8"), ("max_link_width", "8"), ("current_link_speed", "16.0 GT/s PCIe"),
            ("max_link_speed", "16.0 GT/s PCIe"), ("link/l0s_aspm", "0"), ("link/l1_aspm", "0"),
        ] { try machine.file("\(Self.nic)/\(name)", text) }
        try configurationSpace(readRequest: 5)
        try machine.pool(kibibytes: 2048, total: 256)
        try machine.pool(kibibytes: 2048, node: 0, total: 128)
        try machine.pool(kibibytes: 2048, node: 1, total: 128)
        try process(100, "chronyd")
        try machine.directory("/var/lib/wissel")
        for name in ["tap", "af_packet", "e1000"] { try machine.file("\(Self.drivers)/librte_net_\(name).so", "") }
        try machine.file(Self.description, String(contentsOfFile: Self.description, encoding: .utf8))
    }

    private static let files = [
        ("/proc/cmdline", "quiet isolcpus=managed_irq,domain,4-7,12-15 nohz_full=4-7,12-15 rcu_nocbs=4-7,12-15"),
        (
            "/proc/cpuinfo",
            "vendor_id : GenuineIntel\nflags\t\t: tsc constant_tsc nonstop_tsc rdtscp pni ssse3 cx16 sse4_1 sse4_2 popcnt "
                + "avx2 pclmulqdq pdpe1gb"
        ),
        ("/proc/self/status", "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-3,8-11"),
        ("/proc/self/limits", "Max locked memory         unlimited            unlimited            bytes"),
        ("/proc/self/cgroup", "0::/"),
        ("/proc/self/stat", stat(1, "wissel", policy: 0)),
        ("/proc/stat", "cpu  1000 0 1000 98000 0 0 0 10 0 0"),
        ("/proc/irq/24/smp_affinity_list", "0-15"), ("/proc/irq/24/effective_affinity_list", "3"),
        ("/proc/irq/default_smp_affinity", "ffff"),
        ("/proc/swaps", "Filename\tType\tSize\tUsed\tPriority"),
        ("/proc/mounts", "/dev/sda1 / ext4 rw 0 0\nhugetlbfs /dev/hugepages hugetlbfs rw,pagesize=2M 0 0"),
        ("/proc/sys/kernel/nmi_watchdog", "0"), ("/proc/sys/kernel/watchdog", "1"),
        ("/proc/sys/kernel/watchdog_cpumask", "0-3,8-11"), ("/proc/sys/kernel/sched_rt_runtime_us", "950000"),
        ("/proc/sys/kernel/io_uring_disabled", "0"), ("/proc/sys/kernel/numa_balancing", "0"),
        ("/proc/sys/vm/swappiness", "0"), ("/proc/sys/vm/zone_reclaim_mode", "0"),
        ("/proc/sys/vm/compaction_proactiveness", "0"), ("/proc/sys/vm/stat_interval", "120"),
        ("/sys/fs/cgroup/cpuset.cpus.effective", "0-15"),
        ("/sys/devices/virtual/workqueue/cpumask", "00000f0f"),
        ("/sys/devices/system/cpu/intel_pstate/no_turbo", "1"),
        ("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc"),
        ("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm"),
        ("/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected"),
        ("/sys/devices/system/machinecheck/machinecheck0/check_interval", "0"),
        ("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never"),
        ("/sys/kernel/mm/ksm/run", "0"),
        ("/sys/class/net/eth9/operstate", "up"), ("/sys/class/net/eth9/speed", "25000"),
        ("/dev/vfio/vfio", ""), ("/dev/net/tun", ""),
    ]

    // MARK: What can be different

    /// A process with one thread.
    /// - Parameters:
    ///   - cpus: what it is bound to.
    ///   - state: R when it runs.
    func process(_ id: Int, _ name: String, cpus: String = "0-3,8-11", state: String = "S") throws {
        try machine.file("/proc/\(id)/stat", Self.stat(id, name, state: state))
        try machine.file("/proc/\(id)/cmdline", "/usr/bin/\(name)")
        try machine.file("/proc/\(id)/task/\(id)/stat", Self.stat(id, name, state: state))
        try machine.file("/proc/\(id)/task/\(id)/status", "Name:\t\(name)\nCpus_allowed_list:\t\(cpus)")
    }

    /// The 52 fields of proc(5).
    static func stat(_ id: Int, _ name: String, state: String = "S", policy: Int = 0) -> String {
        var fields = [String](repeating: "0", count: 50)
        fields[0] = state
        fields[38] = "\(policy)"
        return "\(id) (\(name)) " + fields.joined(separator: " ")
    }

    /// 256 bytes with one capability, that of PCI Express at 0x40; its Device Control Register holds the size.
    func configurationSpace(readRequest: UInt8) throws {
        var bytes = [UInt8](repeating: 0, count: 256)
        bytes[6] = 0x10
        bytes[0x34] = 0x40
        bytes[0x40] = 0x10
        bytes[0x49] = readRequest << 4
        try Data(bytes).write(to: URL(fileURLWithPath: machine.root + "\(Self.nic)/config"))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: machine.root + path) }

    func file(_ path: String, _ text: String) throws { try machine.file(path, text) }

    // MARK: Asking

    /// The node of the tests: on the NIC, with a plan on CPUs 4 to 7 that poll without rest.
    func configuration(_ changes: [(String, String)] = []) throws -> String {
        try Program.configuration(
            in: machine.folder, journal: "/var/lib/wissel",
            changes: [
                ("device: tap:wissel0", "device: pci:0000:81:00.0"), ("    hostAddress: 198.18.0.1", "    # none"),
                ("idle: backoff ", "idle: busy "),
                (
                    "  # plan: ",
                    "  plan: [{cpu: 4, stages: [network0]}, {cpu: 5, stages: [engine]}, {cpu: 6, stages: [marketData]}, "
                        + "{cpu: 7, stages: [journal]}] # "
                ),
            ] + changes)
    }

    /// - Parameter changes: of the configuration; nil: without one.
    func examine(_ changes: [(String, String)]?) throws -> DoctorReport {
        let arguments = try changes.map { ["--config", try configuration($0)] } ?? []
        return try DoctorReport(arguments: ["--root", machine.root] + arguments)
    }
}

/// What `wissel doctor --json` says.
struct DoctorReport: Decodable {
    struct Check: Decodable, Hashable {
        var id: String
        var area: String
        var verdict: String
        var found: String
        var remedy: String
    }
    struct Jitter: Decodable {
        var cpu: Int
        var gaps: Int
        var sumNanoseconds: Int
        var longestNanoseconds: Int
        var percentile999Nanoseconds: Int
    }
    var checks: [Check]
    var jitter: [Jitter]?
    var passed: Int
    var warned: Int
    var failed: Int
    /// The program's exit code.
    var status: Int32 = -1

    private enum CodingKeys: CodingKey { case checks, passed, warned, failed, jitter }

    init(arguments: [String]) throws {
        let result = try Program.run(command: Program.path, ["doctor", "--json"] + arguments)
        #expect(!result.output.isEmpty, "\(result.error)")
        self = try JSONDecoder().decode(DoctorReport.self, from: Data(result.output.utf8))
        status = result.status
    }

    /// The worst one of a name.
    func check(_ id: String) -> Check? {
        let order = ["fail", "warn", "pass"]
        return order.lazy.compactMap { verdict in checks.first { $0.id == id && $0.verdict == verdict } }.first
    }

    /// Names of the checks that did not pass.
    var bad: Set<String> { Set(checks.filter { $0.verdict != "pass" }.map(\.id)) }
}
