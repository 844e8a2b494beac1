import Foundation

/// One thing that can be wrong with a machine, and what the doctor says then.
struct Ailment: Sendable, CustomStringConvertible {
    var id: String
    var verdict: String
    /// Words of what was found and of the remedy.
    var words: [String]
    /// Checks that have something to say about it, beside the one that is meant.
    var besides: Set<String>
    /// Changes of the configuration, with which the healthy machine passes; nil: without a configuration.
    var configuration: [(String, String)]?
    /// Further ones, which make it wrong.
    var wrong: [(String, String)]
    var change: @Sendable (HealthyMachine) throws -> Void

    var description: String { "\(id) \(verdict)" }

    init(
        _ id: String, _ verdict: String, _ words: String..., besides: Set<String> = [],
        configuration: [(String, String)]? = [], wrong: [(String, String)] = [],
        change: @escaping @Sendable (HealthyMachine) throws -> Void = { _ in }
    ) {
        self.id = id
        self.verdict = verdict
        self.words = words
        self.besides = besides
        self.configuration = configuration
        self.wrong = wrong
        self.change = change
    }

    static let all = processes + processors + isolation + power + kernel + memory + devices + journal

    static let tap = [("device: pci:0000:81:00.0", "device: tap:wissel0")]
    static let interface = [("device: pci:0000:81:00.0", "device: af_packet:eth9")]

    /// The file holds another text.
    private static func text(_ path: String, _ text: String) -> @Sendable (HealthyMachine) throws -> Void {
        { try $0.file(path, text) }
    }

    private static func gone(_ path: String) -> @Sendable (HealthyMachine) throws -> Void {
        { try $0.remove(path) }
    }

    // MARK: Process and DPDK

    private static let poor = "CapEff:\t0000000000000000\nCpus_allowed_list:\t0-3,8-11"

    private static let processes = [
        Ailment(
            "rights", "fail", "CAP_NET_ADMIN", "setcap", configuration: tap, change: text("/proc/self/status", poor)),
        Ailment("rights", "warn", "CAP_IPC_LOCK", change: text("/proc/self/status", poor)),
        Ailment("memlock", "fail", "8 MiB may be locked, and 108", "prlimit", besides: ["rights"]) {
            try $0.file("/proc/self/status", poor)
            try $0.file("/proc/self/limits", "Max locked memory         8388608              8388608         bytes")
        },
        Ailment("memlock", "warn", "LimitMEMLOCK", besides: ["rights"], configuration: nil) {
            try $0.file("/proc/self/status", poor)
            try $0.file("/proc/self/limits", "Max locked memory         8388608              8388608         bytes")
        },
        Ailment("runtime-folder", "fail", "/run is missing", change: gone("/run")),
        Ailment("dpdk-version", "fail", "is 21.11.3", "reinstall") {
            try $0.file(HealthyMachine.description, "Name: DPDK\nVersion: 21.11.3")
        },
        Ailment("dpdk-version", "warn", "is 22.11.0") {
            try $0.file(HealthyMachine.description, "Name: DPDK\nVersion: 22.11.0")
        },
        Ailment("dpdk-drivers", "fail", "no network driver", "apt install", change: gone(HealthyMachine.drivers)),
        Ailment("dpdk-drivers", "fail", "lacks tap", configuration: tap) {
            try $0.remove(HealthyMachine.drivers + "/librte_net_tap.so")
        },
    ]

    // MARK: CPUs

    private static let flags = "flags\t: tsc constant_tsc nonstop_tsc "

    private static let processors = [
        Ailment(
            "cpus", "warn", "3 to use", besides: ["cpu-isolated"], configuration: nil,
            change: {
                try $0.file("/sys/devices/system/cpu/isolated", "")
                try $0.file("/proc/self/status", "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-2")
            }),
        Ailment(
            "cpu-flags", "fail", "missing: sse4_1, sse4_2", "-cpu host",
            change: text("/proc/cpuinfo", flags + "pni ssse3 cx16 popcnt avx2 pclmulqdq pdpe1gb rdtscp")),
        Ailment(
            "cpu-flags", "warn", "missing: avx2, pclmulqdq",
            change: text("/proc/cpuinfo", flags + "pni ssse3 cx16 popcnt sse4_1 sse4_2 pdpe1gb rdtscp")),
        Ailment(
            "core-plan", "fail", "CPU 6", "wissel plan",
            change: text("/sys/fs/cgroup/cpuset.cpus.effective", "0-5,8-15")),
        Ailment("core-occupied", "fail", "process 200 (/usr/bin/stress)", "sudo taskset -a -p -c 0-3,8-15 200") {
            try $0.process(200, "stress", cpus: "5", state: "R")
        },
        Ailment(
            "core-occupied", "warn", "process 200", besides: elsewhere.union(["nic-numa"]), configuration: shared,
            change: { try $0.process(200, "stress", cpus: "2", state: "R") }),
        Ailment(
            "cpu-zero", "warn", "keeps time", "wissel plan",
            besides: elsewhere.subtracting(["irq-affinity"]), wrong: [("{cpu: 7,", "{cpu: 0,")]),
        Ailment(
            "smt-sibling", "warn", "CPUs 4,12", besides: [], wrong: [("{cpu: 5,", "{cpu: 12,")]),
        Ailment(
            "smt-sibling", "warn", "CPUs 12-15", "echo 0 | sudo tee /sys/devices/system/cpu/cpu{12,13,14,15}/online",
            change: text("/sys/devices/system/cpu/isolated", "4-7")),
        Ailment(
            "cpu-quota", "warn", "50,000 µs of CPU time in each 100,000", "CPUQuota=",
            change: {
                try $0.file("/proc/self/cgroup", "0::/a")
                try $0.file("/sys/fs/cgroup/a/cpu.max", "50000 100000")
            }),
        Ailment(
            "cpu-quota", "warn", "20,000 µs",
            change: {
                try $0.file("/proc/self/cgroup", "3:cpu,cpuacct:/a\n0::/")
                try $0.file("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "20000")
                try $0.file("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000")
            }),
        Ailment("steal", "warn", "1.00 %", "vcpupin", change: text("/proc/stat", "cpu  9900 0 0 0 0 0 0 100 0 0")),
    ]

    /// What is said of cores outside the CPUs that are set apart.
    static let elsewhere: Set<String> = [
        "cpu-isolated", "cpu-tickless", "cpu-rcu", "smt-sibling", "workqueues", "watchdog", "irq-affinity",
    ]

    /// Cores that back off and name no CPU: on whatever there is.
    static let shared = [
        ("idle: busy ", "idle: backoff "), ("  plan: [{cpu: 4,", "  # [{cpu: 4,"),
    ]

    // MARK: Isolation

    private static let isolation = [
        Ailment(
            "cpu-isolated", "warn", "CPUs 6-7 of the plan",
            "isolcpus=managed_irq,domain,4-7 nohz_full=4-7 rcu_nocbs=4-7",
            change: {
                try $0.file("/sys/devices/system/cpu/isolated", "4-5,12-15")
                try $0.file("/proc/self/status", "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-3,6-11")
            }),
        Ailment(
            "cpu-isolated", "warn", "no CPU is kept free of other programs", "wissel plan", configuration: nil,
            change: text("/sys/devices/system/cpu/isolated", "")),
        Ailment(
            "cpu-tickless", "warn", "nohz_full", "update-grub",
            change: text("/sys/devices/system/cpu/nohz_full", "(null)")),
        Ailment("cpu-rcu", "warn", "CPUs 5-7 of the plan", besides: ["cpu-tickless"]) {
            try $0.file("/sys/devices/system/cpu/nohz_full", "(null)")
            try $0.file("/proc/cmdline", "quiet rcu_nocbs=4")
        },
        Ailment(
            "irq-affinity", "warn", "1 of 1 interrupts", "for i in 24; do echo 0-3,8-15 | sudo tee",
            change: text("/proc/irq/24/effective_affinity_list", "6")),
        Ailment("irqbalance", "warn", "process 300", "systemctl disable --now irqbalance") {
            try $0.process(300, "irqbalance")
        },
        Ailment(
            "workqueues", "warn", "CPUs 4-7", "echo ff0f | sudo tee /sys/devices/virtual/workqueue/cpumask",
            change: text("/sys/devices/virtual/workqueue/cpumask", "ffff")),
        Ailment(
            "nmi-watchdog", "warn", "kernel.nmi_watchdog = 1", "sudo sysctl -w kernel.nmi_watchdog=0",
            change: text("/proc/sys/kernel/nmi_watchdog", "1")),
        Ailment(
            "watchdog", "warn", "CPUs 4-7", "kernel.watchdog_cpumask=0-3,8-15",
            change: text("/proc/sys/kernel/watchdog_cpumask", "0-15")),
    ]

    // MARK: Frequency

    private static let power = [
        Ailment(
            "governor", "warn", "powersave on CPUs 5", "echo performance | sudo tee",
            change: text("\(HealthyMachine.cpu)/cpu5/cpufreq/scaling_governor", "powersave")),
        Ailment(
            "energy-preference", "warn", "balance_power on CPUs 7",
            change: text("\(HealthyMachine.cpu)/cpu7/cpufreq/energy_performance_preference", "balance_power")),
        Ailment("c-states", "warn", "C6 takes 133 µs", "/disable") {
            try $0.file("\(HealthyMachine.cpu)/cpu4/cpuidle/state3/name", "C6")
            try $0.file("\(HealthyMachine.cpu)/cpu4/cpuidle/state3/latency", "133")
            try $0.file("\(HealthyMachine.cpu)/cpu4/cpuidle/state3/disable", "0")
        },
        Ailment(
            "turbo", "warn", "on: ", "echo 1 | sudo tee",
            change: text("\(HealthyMachine.cpu)/intel_pstate/no_turbo", "0")),
        Ailment("turbo", "warn", "echo 0 | sudo tee") {
            try $0.remove("\(HealthyMachine.cpu)/intel_pstate/no_turbo")
            try $0.file("\(HealthyMachine.cpu)/cpufreq/boost", "1")
        },
    ]

    // MARK: Clock and kernel

    private static let clocks = "/sys/devices/system/clocksource/clocksource0"

    private static let kernel = [
        Ailment(
            "tsc", "warn", "missing: nonstop_tsc", "invtsc",
            change: text(
                "/proc/cpuinfo",
                "flags : tsc constant_tsc rdtscp pni ssse3 cx16 sse4_1 sse4_2 popcnt avx2 pclmulqdq pdpe1gb")),
        Ailment(
            "clocksource", "warn", "hpet", "echo tsc | sudo tee", change: text("\(clocks)/current_clocksource", "hpet")),
        Ailment("clocksource", "warn", "acpi_pm", "dmesg") {
            try $0.file("\(clocks)/current_clocksource", "acpi_pm")
            try $0.file("\(clocks)/available_clocksource", "acpi_pm")
        },
        Ailment("clock-sync", "warn", "nobody", "apt install chrony", change: gone("/proc/100")),
        Ailment("clock-sync", "warn", "without phc2sys", "enable --now phc2sys") { try $0.process(101, "ptp4l") },
        Ailment(
            "mitigations", "warn", "1 active (spectre_v2)", "mitigations=off",
            change: text("\(HealthyMachine.cpu)/vulnerabilities/spectre_v2", "Mitigation: Retpolines")),
        Ailment(
            "rt-throttling", "warn", "950000", "sudo sysctl -w kernel.sched_rt_runtime_us=-1",
            change: text("/proc/self/stat", HealthyMachine.stat(1, "wissel", policy: 1))),
        Ailment("audit", "warn", "process 301", "auditctl -e 0") { try $0.process(301, "auditd") },
        Ailment(
            "audit", "warn", "audit=1",
            change: text("/proc/cmdline", "rcu_nocbs=4-7,12-15 audit=1")),
        Ailment(
            "machine-check-polling", "warn", "every 300 s", "check_interval",
            change: text("/sys/devices/system/machinecheck/machinecheck0/check_interval", "12c")),
        Ailment(
            "io-uring", "warn", "kernel.io_uring_disabled = 2", "=0",
            change: text("/proc/sys/kernel/io_uring_disabled", "2")),
    ]
}
