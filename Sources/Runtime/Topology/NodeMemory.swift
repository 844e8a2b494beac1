/// How much memory each NUMA node has.
public struct NodeMemory: Sendable, Equatable {
    /// KiB by node, as the kernel counts it: what is left after firmware and kernel have taken theirs.
    public var kibibytes: [Int: Int]

    /// Reads it from /sys; a kernel without nodes has node 0, with the memory of /proc/meminfo. Empty when none tells.
    /// - Parameter root: as of `MachineTopology.init(root:)`.
    public init(root: String = "/") {
        let base = root.hasSuffix("/") ? root : root + "/"
        let folder = base + "sys/devices/system/node"
        let nodes = directoryNames(folder).compactMap { $0.hasPrefix("node") ? Int($0.dropFirst(4)) : nil }
        kibibytes = [:]
        for node in nodes { kibibytes[node] = Self.total("\(folder)/node\(node)/meminfo") }
        if nodes.isEmpty { kibibytes[0] = Self.total(base + "proc/meminfo") }
    }

    /// The figure of the line `MemTotal:`, which has `Node N` in front in the files of nodes.
    private static func total(_ file: String) -> Int? {
        for line in textFile(file)?.split(separator: "\n") ?? [] {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let index = words.firstIndex(of: "MemTotal:"), index + 1 < words.count else { continue }
            return Int(words[index + 1])
        }
        return nil
    }
}
