import Foundation

/// A machine in a few lines, written out as the tree of /sys that its kernel would show.
///
/// | line | means |
/// |---|---|
/// | `present LIST`, `online LIST`, `isolated LIST`, `tickless LIST` | the files of these names; `present` as `online` when left out |
/// | `smt N` | CPU c and CPU c + N are one physical core |
/// | `package N: LIST`, `l3: LIST` | who is on a socket, behind an L3 |
/// | `node N: LIST`, `distances N: …` | a NUMA node and how far the others are |
/// | `memory N: KIB` | what a node has |
/// | `pages N KIB: FREE TOTAL` | its pool of huge pages of a size |
/// | `pci ADDRESS: N`, `net NAME: N` | a device and its node, -1 for none |
public struct RecordedTopology {
    private var lists: [String: [Int]] = [:]
    private var smt = 0
    private var packages: [Int: [Int]] = [:]
    private var caches: [[Int]] = []
    private var nodes: [Int: [Int]] = [:]
    private var distances: [Int: String] = [:]
    private var devices: [(path: String, node: Int)] = []
    /// Further files and what they say.
    private var files: [(path: String, text: String)] = []

    public init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let parts = words[1].components(separatedBy: ": ")
            switch words[0] {
            case "smt": smt = Int(words[1]) ?? 0
            case "package": packages[Int(parts[0]) ?? 0] = Self.numbers(parts[1])
            case "l3:": caches.append(Self.numbers(words[1]))
            case "node": nodes[Int(parts[0]) ?? 0] = Self.numbers(parts[1])
            case "distances": distances[Int(parts[0]) ?? 0] = parts[1]
            case "memory":
                files.append(
                    ("devices/system/node/node\(parts[0])/meminfo", "Node \(parts[0]) MemTotal:   \(parts[1]) kB"))
            case "pages":
                let pool = parts[0].split(separator: " "), figures = parts[1].split(separator: " ")
                let folder = "devices/system/node/node\(pool[0])/hugepages/hugepages-\(pool[1])kB"
                files.append(("\(folder)/free_hugepages", "\(figures[0])"))
                files.append(("\(folder)/nr_hugepages", "\(figures[1])"))
            case "pci": devices.append(("bus/pci/devices/\(parts[0])", Int(parts[1]) ?? -1))
            case "net": devices.append(("class/net/\(parts[0])/device", Int(parts[1]) ?? -1))
            default: lists[words[0]] = Self.numbers(words[1])
            }
        }
    }

    /// Writes the tree; `path` becomes what a reader takes as its root.
    public func write(to path: String) throws {
        let cpus = lists["online"] ?? []
        try put(Self.text(cpus), path, "devices/system/cpu/online")
        try put(Self.text(lists["present"] ?? cpus), path, "devices/system/cpu/present")
        try put(Self.text(lists["isolated"] ?? []), path, "devices/system/cpu/isolated")
        try put(lists["tickless"].map(Self.text) ?? "(null)", path, "devices/system/cpu/nohz_full")
        for cpu in cpus {
            let own = "devices/system/cpu/cpu\(cpu)"
            let core = smt == 0 ? [cpu] : [cpu % smt, cpu % smt + smt].filter(cpus.contains)
            try put(Self.text(core), path, "\(own)/topology/core_cpus_list")
            let package = packages.first { $0.value.contains(cpu) }?.key ?? 0
            try put("\(package)", path, "\(own)/topology/physical_package_id")
            // A cache that is the core's own stands before the one that counts.
            try put("2", path, "\(own)/cache/index2/level")
            try put(Self.text(core), path, "\(own)/cache/index2/shared_cpu_list")
            guard let cache = caches.first(where: { $0.contains(cpu) }) else { continue }
            try put("3", path, "\(own)/cache/index3/level")
            try put(Self.text(cache.filter(cpus.contains)), path, "\(own)/cache/index3/shared_cpu_list")
        }
        for (node, members) in nodes {
            try put(Self.text(members.filter(cpus.contains)), path, "devices/system/node/node\(node)/cpulist")
            guard let text = distances[node] else { continue }
            try put(text, path, "devices/system/node/node\(node)/distance")
        }
        for file in files { try put(file.text, path, file.path) }
        for device in devices {
            try put("\(device.node)", path, "\(device.path)/numa_node")
            let near = nodes[device.node] ?? cpus
            try put(Self.text(near.filter(cpus.contains)), path, "\(device.path)/local_cpulist")
        }
    }

    private func put(_ text: String, _ root: String, _ name: String) throws {
        let file = URL(fileURLWithPath: "\(root)/sys/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
    }

    /// `0-3,8`, and `0-30:2` for every second.
    private static func numbers(_ text: String) -> [Int] {
        text.split(separator: ",").flatMap { part -> [Int] in
            let halves = part.split(separator: ":")
            let ends = halves[0].split(separator: "-").compactMap { Int($0) }
            return Array(stride(from: ends[0], through: ends[ends.count - 1], by: halves.count > 1 ? 2 : 1))
        }
    }

    /// One by one, which the kernel's own form allows too.
    private static func text(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
}
