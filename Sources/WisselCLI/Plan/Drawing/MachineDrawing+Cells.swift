import Runtime

extension MachineDrawing {
    /// What a stage does, and the colour of that.
    enum Kind: String, CaseIterable {
        case network
        case engine
        case marketData = "market data"
        case journal
        case matching

        init(stage: String) {
            switch stage {
            case "engine": self = .engine
            case "marketData": self = .marketData
            case "journal": self = .journal
            case _ where stage.hasPrefix("matching"): self = .matching
            default: self = .network
            }
        }

        var style: String { "c\(Self.allCases.firstIndex(of: self) ?? 0)" }
    }

    private static let numberHeight = 18.0
    private static let stageHeight = 18.0
    private static let emptyHeight = 21.0

    /// Tall enough for the stages of a CPU.
    func height(ofCPU cpu: Int) -> Double {
        guard let choice = choices[cpu] else { return Self.emptyHeight }
        return Self.numberHeight + Double(Self.labels(choice.core.stages).count) * Self.stageHeight + 3
    }

    /// The stages of a CPU as they are written: more than three queues in one line.
    static func labels(_ stages: [String]) -> [(text: String, kind: Kind)] {
        let numbers = stages.compactMap { $0.hasPrefix("network") ? Int($0.dropFirst("network".count)) : nil }
        guard numbers.count > 3, let first = numbers.min(), let last = numbers.max() else {
            return stages.map { ($0, Kind(stage: $0)) }
        }
        let all = numbers.count == last - first + 1 ? "net \(first)–\(last)" : "\(numbers.count) networks"
        return [(all, .network)] + stages.filter { Kind(stage: $0) != .network }.map { ($0, Kind(stage: $0)) }
    }

    /// One thread: its number, and what runs on it.
    func cell(_ cpu: Int, _ frame: Frame) -> [String] {
        let (x, y) = (frame.origin.x, frame.origin.y)
        let (width, height) = (frame.size.width, frame.size.height)
        let choice = choices[cpu]
        let isIsolated = plan.topology.isolated.contains(cpu)
        var classes = ["thread", role(of: cpu)]
        if isIsolated { classes.append("isolated") }
        var parts = [
            "<g class=\"cpu\(choice == nil ? "" : " planned")\" data-cpu=\"\(cpu)\">"
                + "<title>\(SVG.escaped(choice?.reason ?? "CPU \(cpu)"))</title>",
            SVG.rectangle(x, y, width, height, style: classes.joined(separator: " ")),
            SVG.text("CPU \(cpu)", x + 6, y + 14.5, style: choice == nil ? "quiet" : "strong"),
        ]
        for (index, label) in Self.labels(choice?.core.stages ?? []).enumerated() {
            let top = y + Self.numberHeight + Double(index) * Self.stageHeight
            parts.append(
                SVG.rectangle(x + 3, top + 1, width - 6, Self.stageHeight - 2, style: "stage " + label.kind.style))
            parts.append(SVG.text(label.text, x + width / 2, top + 13, .middle, style: "onstage"))
        }
        return parts + ["</g>"]
    }

    private func role(of cpu: Int) -> String {
        if choices[cpu] != nil { return "node-cpu" }
        if plan.placement.emptySiblings.contains(cpu) { return "empty" }
        return plan.placement.systemCPUs.contains(cpu) ? "system" : "foreign"
    }

    /// From each NIC to the network stages it feeds: down to the lane above the cores, along it, down between two columns.
    func lines(_ devices: [Device], from ports: [String: Frame], to cells: [Int: Frame]) -> [String] {
        var parts: [String] = []
        for (number, device) in devices.enumerated() {
            guard let port = ports[device.name] else { continue }
            let bottom = port.origin.y + port.size.height
            let bus = bottom + 4 + Double(number % 3) * 3
            for cpu in device.cpus {
                guard let cell = cells[cpu] else { continue }
                let right = cell.origin.x + cell.size.width
                let y = cell.origin.y + Self.numberHeight + Self.stageHeight / 2
                let start = min(max(right + 3, port.origin.x + 10), port.origin.x + port.size.width - 10)
                let points = [
                    (x: start, y: bottom), (x: start, y: bus), (x: right + 3, y: bus), (x: right + 3, y: y),
                    (x: right - 1, y: y),
                ]
                parts.append(SVG.path(points, style: "wire"))
                parts.append(SVG.circle(right, y, 2.6, style: "end"))
            }
        }
        return parts
    }

    func chip(_ text: String, _ frame: Frame) -> [String] {
        [
            SVG.rectangle(frame.origin.x, frame.origin.y, frame.size.width, frame.size.height, style: "chip"),
            SVG.text(
                text, frame.origin.x + frame.size.width / 2, frame.origin.y + 15, .middle, style: "strong chip-text"),
        ]
    }

    /// What colours and patterns mean, as far as they are in the picture.
    func legend(at place: Point, width: Double) -> (parts: [String], height: Double) {
        var entries: [(style: String, text: String)] = Kind.allCases.filter { kind in
            choices.values.contains { $0.core.stages.contains { Kind(stage: $0) == kind } }
        }.map { ("stage " + $0.style, $0.rawValue) }
        let online = plan.topology.online
        for (style, text) in [
            ("system", "the system's"), ("empty", "stays empty: sibling of a CPU of the node"),
            ("foreign", "not this process's"),
        ] where online.contains(where: { role(of: $0) == style }) { entries.append(("thread " + style, text)) }
        if online.contains(where: plan.topology.isolated.contains) {
            entries.append(("thread system isolated", "isolated"))
        }
        var (x, y) = (place.x, place.y)
        var parts: [String] = []
        for entry in entries {
            let length = 26 + Double(entry.text.count) * SVG.characterWidth + 16
            if x > place.x, x + length > place.x + width {
                x = place.x
                y += 22
            }
            parts.append(SVG.rectangle(x, y, 18, 14, style: entry.style))
            parts.append(SVG.text(entry.text, x + 25, y + 11.5))
            x += length
        }
        return (parts, y + 22 - place.y)
    }
}
