extension MachineTopology {
    /// Reads the machine from /sys. What a small machine does not have (nodes, L3, siblings) is left out.
    /// - Parameter root: the folder that holds `sys`; that of another machine's copy for a plan made elsewhere.
    /// - Throws: when there are no CPUs, or a file says something else than numbers.
    public init(root: String = "/") throws(TopologyError) {
        let system = SystemFolder(root: root)
        let folder = system.path("devices/system/cpu")
        let named = directoryNames(folder).compactMap { $0.hasPrefix("cpu") ? Int($0.dropFirst(3)) : nil }
        let online = try SystemFolder.list("\(folder)/online") ?? named.sorted()
        guard !online.isEmpty else { throw .noCPUs(folder: folder) }

        // CPU → node, and the distances, whose columns are the nodes in the order of their numbers.
        let nodeFolder = system.path("devices/system/node")
        let nodes = directoryNames(nodeFolder).compactMap { $0.hasPrefix("node") ? Int($0.dropFirst(4)) : nil }.sorted()
        var nodeOfCPU: [Int: Int] = [:]
        var distances: [Int: [Int: Int]] = [:]
        for node in nodes {
            for cpu in try SystemFolder.list("\(nodeFolder)/node\(node)/cpulist") ?? [] { nodeOfCPU[cpu] = node }
            let path = "\(nodeFolder)/node\(node)/distance"
            guard let words = textFile(path)?.split(whereSeparator: \.isWhitespace), !words.isEmpty else { continue }
            let figures = words.compactMap { Int($0) }
            guard figures.count == nodes.count, words.count == nodes.count else {
                throw .notNumbers(
                    file: path, text: words.joined(separator: " "), expected: "\(nodes.count) distances, one per node")
            }
            distances[node] = Dictionary(uniqueKeysWithValues: zip(nodes, figures))
        }

        let isOnline = Set(online)
        var cpus: [CPU] = []
        for number in online {
            let own = "\(folder)/cpu\(number)"
            // The second name is that of kernels before 5.1.
            var siblings = try SystemFolder.list("\(own)/topology/core_cpus_list")
            if siblings == nil { siblings = try SystemFolder.list("\(own)/topology/thread_siblings_list") }
            let package = try SystemFolder.number("\(own)/topology/physical_package_id")
            let levelThree = try Self.levelThree("\(own)/cache")
            cpus.append(
                CPU(
                    number: number, package: max(package ?? 0, 0), node: nodeOfCPU[number] ?? 0,
                    siblings: isOnline.intersection((siblings ?? []) + [number]).sorted(),
                    sharesL3With: isOnline.intersection(levelThree).sorted()))
        }
        let present = try SystemFolder.list("\(folder)/present") ?? online
        self.init(
            cpus: cpus, offline: present.filter { !online.contains($0) },
            isolated: try SystemFolder.list("\(folder)/isolated") ?? [],
            tickless: try SystemFolder.list("\(folder)/nohz_full") ?? [], distances: distances)
    }

    /// CPUs behind the level 3 cache of a CPU; empty when it has none.
    private static func levelThree(_ folder: String) throws(TopologyError) -> [Int] {
        for name in directoryNames(folder) where name.hasPrefix("index") {
            if try SystemFolder.number("\(folder)/\(name)/level") == 3 {
                return try SystemFolder.list("\(folder)/\(name)/shared_cpu_list") ?? []
            }
        }
        return []
    }
}
