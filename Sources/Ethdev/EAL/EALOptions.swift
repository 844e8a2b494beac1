/// How DPDK's environment abstraction layer (EAL) is started; once per process.
public struct EALOptions: Equatable, Sendable {
    public enum HugePages: Equatable, Sendable {
        /// Huge pages, taken as needed, without files left behind.
        case inMemory
        /// Huge pages as files of a mounted hugetlbfs, which secondary processes of the same file prefix can map.
        case shared
        /// Ordinary pages, this many megabytes, all taken at the start (`--no-huge`): slower, and no NIC behind an
        /// IOMMU-less machine can use it.
        case none(megabytes: Int)

        var areUsed: Bool { if case .none = self { false } else { true } }
    }

    public var hugePages: HugePages
    /// PCI devices that may be used, such as `0000:03:00.0`. Empty: the PCI bus is left alone.
    public var pciAddresses: [String]
    /// CPU on which the starting thread spends the start, and whose NUMA node is preferred; nil: its lowest allowed one.
    /// EAL starts no worker threads: polling threads are the program's own, see `EAL.registerThread()`.
    public var mainCPU: Int?
    /// Distinguishes several DPDK processes on one machine.
    public var filePrefix: String
    /// Opens the telemetry socket (`dpdk-telemetry.py`) under `/var/run/dpdk`.
    public var telemetry: Bool
    /// Further arguments of EAL, as in DPDK's "EAL parameters" guide.
    public var extraArguments: [String]
    /// Polling threads that can be registered when the memory is shared, 1…127: EAL then makes an lcore for each at the
    /// start, whose own thread sleeps for ever, because a registration later would keep secondary processes out.
    public var pollingThreads: Int

    public init(
        hugePages: HugePages = .inMemory, pciAddresses: [String] = [], mainCPU: Int? = nil,
        filePrefix: String = "wissel", telemetry: Bool = false, extraArguments: [String] = [],
        pollingThreads: Int = 16
    ) {
        self.hugePages = hugePages
        self.pciAddresses = pciAddresses
        self.mainCPU = mainCPU
        self.filePrefix = filePrefix
        self.telemetry = telemetry
        self.extraArguments = extraArguments
        self.pollingThreads = pollingThreads
    }

    /// The argument list for `rte_eal_init`, program name first.
    public func arguments(lowestAllowedCPU: Int) -> [String] {
        var list = ["wissel", "--file-prefix=\(filePrefix)", "--log-level=warning"]
        switch hugePages {
        case .inMemory: list.append("--in-memory")
        case .shared: break
        // EAL takes all ordinary memory at once, which it does not do "in memory"; no files are left either.
        case .none(let megabytes): list += ["--no-huge", "--no-shconf", "-m", "\(megabytes)"]
        }
        // One lcore, numbered 0 whatever the CPU: a CPU number may lie above DPDK's lcore limit.
        let cpu = mainCPU ?? lowestAllowedCPU
        list.append("--lcores=0@\(cpu)" + (hugePages == .shared ? ",(1-\(pollingThreads))@\(cpu)" : ""))
        if pciAddresses.isEmpty { list.append("--no-pci") }
        for address in pciAddresses { list += ["-a", address] }
        if !telemetry { list.append("--no-telemetry") }
        return list + extraArguments
    }

    /// What of `self` a process started with `running` lacks; nil when nothing.
    func difference(from running: EALOptions) -> String? {
        switch (hugePages, running.hugePages) {
        case (.inMemory, .inMemory), (.inMemory, .shared), (.shared, .shared): break
        case (.none(let wanted), .none(let given)) where wanted <= given: break
        default: return "memory \(running.hugePages) instead of \(hugePages)"
        }
        let missing = pciAddresses.filter { !running.pciAddresses.contains($0) }
        if !missing.isEmpty { return "no PCI device \(missing.joined(separator: ", "))" }
        if extraArguments != running.extraArguments { return "extra arguments \(running.extraArguments)" }
        return nil
    }

    func validate() throws(EthdevError) {
        let attempt = "start EAL"
        if case .none(let megabytes) = hugePages, !(16...1_048_576).contains(megabytes) {
            throw EthdevError(
                .configuration, attempt: attempt, cause: "\(megabytes) MB of ordinary memory is outside 16…1048576",
                remedy: "give 64 or more")
        }
        if !(1...127).contains(pollingThreads) {
            throw EthdevError(
                .configuration, attempt: attempt, cause: "\(pollingThreads) polling threads are outside 1…127",
                remedy: "put several stages on one core")
        }
        for address in pciAddresses { try DeviceSpecification.pci(address).validate() }
        if filePrefix.isEmpty || filePrefix.contains(where: { $0 == "/" || $0.isWhitespace }) {
            throw EthdevError(
                .configuration, attempt: attempt, cause: "the file prefix \"\(filePrefix)\" is no file name",
                remedy: "use letters and digits")
        }
    }
}
