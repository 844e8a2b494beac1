import Runtime

/// A machine as a picture: sockets, NUMA nodes, L3 groups, cores with their threads, and on them the stages of a plan.
///
/// First sizes from the inside out, then places from the outside in; what is drawn last lies on top.
struct MachineDrawing {
    let plan: MachinePlan
    let memory: NodeMemory
    /// The core of the plan on each CPU.
    let choices: [Int: CorePlacement.Choice]

    init(_ plan: MachinePlan) {
        self.plan = plan
        memory = NodeMemory(root: plan.root)
        choices = Dictionary(
            plan.placement.choices.compactMap { choice in choice.core.cpu.map { ($0, choice) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Widest picture whose text can be read on a screen without moving it, pixels.
    private static let maximumWidth = 1_480.0
    /// Room for the lines of text at the top, pixels.
    private static let minimumWidth = 620.0
    static let margin = 16.0

    func svg() -> String {
        let devices = devices
        let sockets = sockets(devices)
        let rows = BoxRows(sockets.map(\.size), gap: 14, maximumWidth: Self.maximumWidth)
        let width = max(rows.size.width, Self.minimumWidth)
        let head = Paragraph(["wissel plan: " + plan.machine], style: "head", width: width)
        let unplaced = devices.filter { $0.node == nil }
        let chips = ChipRow(unplaced.map(\.text), maximumWidth: width)
        let top = Self.margin + head.height + 8
        let origin = Point(x: Self.margin, y: top + (unplaced.isEmpty ? 0 : chips.height + 16))

        var parts = [Self.definitions]
        var cells: [Int: Frame] = [:]
        var ports: [String: Frame] = [:]
        for (device, frame) in zip(unplaced, chips.frames(at: Point(x: Self.margin, y: top))) {
            ports[device.name] = frame
        }
        for (socket, place) in zip(sockets, rows.places(at: origin)) {
            parts += socket.boxes(at: place, cells: &cells, ports: &ports)
        }
        parts += lines(devices, from: ports, to: cells)
        parts += ports.sorted { $0.key < $1.key }.flatMap { name, frame in
            chip(devices.first { $0.name == name }?.text ?? name, frame)
        }
        for cpu in plan.topology.cpus {
            if let frame = cells[cpu.number] { parts += cell(cpu.number, frame) }
        }
        for (socket, place) in zip(sockets, rows.places(at: origin)) { parts += socket.titles(at: place) }
        parts += head.svg(x: Self.margin, y: Self.margin)
        var bottom = origin.y + rows.size.height + 14
        let legend = legend(at: Point(x: Self.margin, y: bottom), width: width)
        parts += legend.parts
        bottom += legend.height
        if !plan.warnings.isEmpty {
            let warnings = Paragraph(plan.warnings.map { "warning: " + $0 }, style: "warning", width: width)
            parts += warnings.svg(x: Self.margin, y: bottom + 6)
            bottom += warnings.height + 6
        }
        return SVG.document(
            width + 2 * Self.margin, bottom + Self.margin, title: "wissel plan: " + plan.machine, style: Self.style,
            parts)
    }

    // MARK: What there is

    /// An interface with the CPUs of its network stages.
    struct Device {
        /// Its number and what the configuration calls it; two interfaces may be called the same.
        var name: String
        var text: String
        var node: Int?
        var cpus: [Int]
    }

    private var devices: [Device] {
        var next = 0
        return plan.interfaces.enumerated().map { index, interface in
            let stages = (next..<next + interface.queues).map { "network\($0)" }
            next += interface.queues
            let cores = plan.placement.choices.map(\.core).filter { $0.stages.contains(where: stages.contains) }
            let queues = interface.queues == 1 ? "1 queue" : "\(interface.queues) queues"
            let node = interface.numaNode.flatMap { plan.topology.nodes.contains($0) ? $0 : nil }
            return Device(
                name: "\(index) \(interface.device)", text: "\(Self.shortened(interface.device)) · \(queues)",
                node: node, cpus: cores.compactMap(\.cpu))
        }
    }

    private static func shortened(_ name: String) -> String { name.count <= 34 ? name : name.prefix(33) + "…" }

    private func sockets(_ devices: [Device]) -> [SocketBox] {
        let cpus = plan.topology.cpus
        let chipRows = Dictionary(grouping: devices.filter { $0.node != nil }, by: { $0.node ?? 0 })
        return Set(cpus.map(\.package)).sorted().map { package in
            let own = cpus.filter { $0.package == package }
            return SocketBox(
                title: "socket \(package)",
                nodes: Set(own.map(\.node)).sorted().map { node in
                    NodeBox(
                        title: "NUMA node \(node)", text: text(ofNode: node),
                        devices: chipRows[node]?.map { ($0.name, $0.text) } ?? [],
                        groups: groups(own.filter { $0.node == node }), hasDeviceRow: !chipRows.isEmpty)
                })
        }
    }

    private func groups(_ cpus: [MachineTopology.CPU]) -> [GroupBox] {
        Dictionary(grouping: cpus, by: \.sharesL3With).sorted { $0.value[0].number < $1.value[0].number }.map {
            l3, own in
            let isWhole = own.count == l3.count
            let title = l3.isEmpty ? "" : "\(isWhole ? "" : "part of ")L3 \(AvailableCPUs(l3))"
            let cores = Set(own.map(\.siblings)).sorted { $0[0] < $1[0] }
            return GroupBox(title: title, cores: cores.map { core in core.map { ($0, height(ofCPU: $0)) } })
        }
    }

    /// Memory and huge pages of a node.
    private func text(ofNode node: Int) -> String {
        var parts: [String] = []
        if let kibibytes = memory.kibibytes[node] {
            parts.append(
                kibibytes >= 1 << 20
                    ? "\(shortNumber(Double(kibibytes) / Double(1 << 20))) GiB" : "\(kibibytes >> 10) MiB")
        }
        let need = plan.hugePages.nodes.first { $0.node == node }
        for pool in need?.pools ?? plan.hugePages.pools(ofNode: node) where pool.total > 0 || pool.needed > 0 {
            let size =
                pool.pageKibibytes >= 1 << 20 ? "\(pool.pageKibibytes >> 20) GiB" : "\(pool.pageKibibytes >> 10) MiB"
            // Of the larger sizes only those that are there: one size is enough.
            guard pool.total > 0 || pool.pageKibibytes == need?.pools.first?.pageKibibytes else { continue }
            let needed = plan.hugePages.wanted == .none ? 0 : pool.needed
            parts.append(
                "\(size) pages: \(pool.free) free of \(pool.total)" + (needed > 0 ? ", \(needed) needed" : ""))
        }
        return parts.joined(separator: " · ")
    }
}
