import CPlatform

/// The CPUs this process may be told to run on.
public struct AvailableCPUs: Sendable, Equatable, CustomStringConvertible {
    /// Ascending, without repetition.
    public let numbers: [Int]

    public init(_ numbers: some Sequence<Int>) { self.numbers = Set(numbers).sorted() }

    /// The affinity mask of the calling thread: what cgroup, container and `taskset` have left.
    ///
    /// Ask before DPDK's EAL starts: it binds the thread that starts it to one CPU.
    public static func current() -> AvailableCPUs {
        var flags = [UInt8](repeating: 0, count: 8192)
        guard cplatform_allowed_cpus(&flags, Int32(flags.count)) > 0 else { return existing() }
        return AvailableCPUs(flags.indices.filter { flags[$0] != 0 })
    }

    /// The CPUs a thread of this process may be pinned to: those of its affinity mask, and the isolated ones
    /// (`isolcpus=`), which the kernel leaves out of every mask unasked and gives to whoever asks.
    ///
    /// An isolated CPU counts when it is online and the cgroup's cpuset has it (cgroups(7), cpuset(7)).
    /// - Parameter root: the folder that holds the machine's `proc` and `sys`.
    public static func permitted(root: String = "/") -> AvailableCPUs {
        let base = root.hasSuffix("/") ? String(root.dropLast()) : root
        func list(_ path: String) -> [Int]? {
            textFile(base + path).flatMap { cpuNumbers($0.filter { !$0.isWhitespace }) }
        }
        let isolated = list("/sys/devices/system/cpu/isolated") ?? []
        let online = list("/sys/devices/system/cpu/online")
        let status = textFile(base + "/proc/self/status")?.split(separator: "\n")
        let mask = status?.first { $0.hasPrefix("Cpus_allowed_list:") }?.dropFirst(18).filter { !$0.isWhitespace }
        let own = base.isEmpty ? current().numbers : mask.flatMap { cpuNumbers($0) } ?? online ?? []
        let cpuset = cpusetPath(base).flatMap { list($0) }
        let further = isolated.filter { (cpuset?.contains($0) ?? true) && (online?.contains($0) ?? false) }
        return AvailableCPUs(own + further)
    }

    /// The file that names the CPUs of the process's cgroup; nil when no cpuset is mounted.
    private static func cpusetPath(_ base: String) -> String? {
        for line in (textFile(base + "/proc/self/cgroup") ?? "").split(separator: "\n") {
            // "4:cpuset:/a" in version 1, "0::/a" in version 2.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isFirst = fields[1].split(separator: ",").contains("cpuset")
            guard isFirst || fields[0] == "0" else { continue }
            // A container sees its own group as the root of the mount; a group without the file has its parent's.
            var group = fields[2] == "/" ? "" : String(fields[2])
            while true {
                let folder = "/sys/fs/cgroup" + (isFirst ? "/cpuset" : "") + group
                let path = "\(folder)/cpuset.\(isFirst ? "cpus" : "cpus.effective")"
                if textFile(base + path) != nil { return path }
                guard let slash = group.lastIndex(of: "/") else { break }
                group = String(group[..<slash])
            }
        }
        return nil
    }

    /// All CPUs the machine has, whether this process may use them or not.
    public static func existing() -> AvailableCPUs {
        AvailableCPUs(
            directoryNames("/sys/devices/system/cpu").compactMap { $0.hasPrefix("cpu") ? Int($0.dropFirst(3)) : nil })
    }

    public var count: Int { numbers.count }

    public func contains(_ cpu: Int) -> Bool { numbers.contains(cpu) }

    /// As the kernel writes it: `0-3,8`.
    public var description: String { cpuList(numbers) }
}
