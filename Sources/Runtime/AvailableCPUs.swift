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
