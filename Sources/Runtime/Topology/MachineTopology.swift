/// The CPUs of a machine, and which of them share a core, a cache, memory. A value: nothing is read after `init(root:)`.
public struct MachineTopology: Sendable, Equatable {
    /// One CPU that is online: a hardware thread.
    public struct CPU: Sendable, Equatable {
        public var number: Int
        /// The socket; 0 where the kernel tells none.
        public var package: Int
        /// The NUMA node; 0 where the kernel has no nodes.
        public var node: Int
        /// The online CPUs of its physical core, itself among them, ascending.
        public var siblings: [Int]
        /// The online CPUs behind its L3 cache, itself among them, ascending; empty when the kernel tells of no L3.
        public var sharesL3With: [Int]

        public init(number: Int, package: Int, node: Int, siblings: [Int], sharesL3With: [Int]) {
            self.number = number
            self.package = package
            self.node = node
            self.siblings = siblings
            self.sharesL3With = sharesL3With
        }
    }

    /// Ascending by number.
    public var cpus: [CPU]
    /// CPUs that are there and switched off, ascending.
    public var offline: [Int]
    /// The CPUs the scheduler leaves alone (`isolcpus=`), ascending.
    public var isolated: [Int]
    /// The CPUs without a periodic tick (`nohz_full=`), ascending.
    public var tickless: [Int]
    /// How far the memory of one node is from the CPUs of another, by node; the firmware's figure, 10 for its own.
    public var distances: [Int: [Int: Int]]

    /// Numbers of the CPUs that are online, ascending.
    public var online: [Int] { cpus.map(\.number) }

    /// Nodes that have CPUs, ascending.
    public var nodes: [Int] { Set(cpus.map(\.node)).sorted() }

    public func cpu(_ number: Int) -> CPU? { cpus.first { $0.number == number } }

    /// From one node to another; nodes the firmware says nothing about are all equally far.
    public func distance(from node: Int, to other: Int) -> Int {
        distances[node]?[other] ?? (node == other ? 10 : 20)
    }

    /// One line: how much there is of what.
    public var summary: String {
        let cores = Set(cpus.map(\.siblings)).count
        let caches = Set(cpus.map(\.sharesL3With).filter { !$0.isEmpty }).count
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        var parts = [
            "\(count(cpus.count, "CPU", "CPUs")) on \(count(cores, "core", "cores"))",
            count(Set(cpus.map(\.package)).count, "socket", "sockets"),
            count(nodes.count, "NUMA node", "NUMA nodes"),
            caches == 0 ? "no L3 told" : count(caches, "L3 group", "L3 groups"),
        ]
        if !isolated.isEmpty { parts.append("isolated: \(cpuList(isolated))") }
        if !tickless.isEmpty { parts.append("tickless: \(cpuList(tickless))") }
        if !offline.isEmpty { parts.append("offline: \(cpuList(offline))") }
        return parts.joined(separator: ", ")
    }
}
