/// A NUMA node: its name, its memory, its NICs, and the L3 groups.
struct NodeBox {
    private static let padding = 10.0
    private static let lineHeight = 18.0
    /// Between the NICs and the cores, for the lines from one to the other.
    private static let busHeight = 14.0
    private static let maximumWidth = 1_420.0

    let title: String
    let text: String
    let devices: [(name: String, text: String)]
    let groups: [GroupBox]
    private let rows: BoxRows
    private let chips: ChipRow
    private let deviceHeight: Double
    let size: Size

    /// - Parameter hasDeviceRow: whether any node has a NIC, so that all of them keep room for one and lie even.
    init(title: String, text: String, devices: [(String, String)], groups: [GroupBox], hasDeviceRow: Bool) {
        self.title = title
        self.text = text
        self.devices = devices.map { (name: $0.0, text: $0.1) }
        self.groups = groups
        rows = BoxRows(groups.map(\.size), gap: 8, maximumWidth: Self.maximumWidth)
        let words = max(
            Double(title.count) * SVG.boldCharacterWidth, Double(text.count) * SVG.characterWidth,
            ChipRow.width(devices.map(\.1).max { $0.count < $1.count } ?? ""))
        let width = max(rows.size.width, words)
        chips = ChipRow(devices.map(\.1), maximumWidth: width)
        deviceHeight = hasDeviceRow ? max(chips.height, ChipRow.chipHeight) + Self.busHeight : 0
        size = Size(
            width: width + 2 * Self.padding,
            height: 2 * Self.padding + 2 * Self.lineHeight + deviceHeight + rows.size.height)
    }

    private func inner(_ place: Point) -> Point {
        Point(x: place.x + Self.padding, y: place.y + Self.padding + 2 * Self.lineHeight)
    }

    private func groupPlaces(_ place: Point) -> [Point] {
        let inner = inner(place)
        return rows.places(at: Point(x: inner.x, y: inner.y + deviceHeight))
    }

    func boxes(at place: Point, cells: inout [Int: Frame], ports: inout [String: Frame]) -> [String] {
        var parts = [SVG.rectangle(place.x, place.y, size.width, size.height, style: "node")]
        for (device, frame) in zip(devices, chips.frames(at: inner(place))) { ports[device.name] = frame }
        for (group, place) in zip(groups, groupPlaces(place)) {
            parts.append(SVG.rectangle(place.x, place.y, group.size.width, group.size.height, style: "group"))
            for cell in group.cells(at: place) { cells[cell.cpu] = cell.frame }
        }
        return parts
    }

    func titles(at place: Point) -> [String] {
        let x = place.x + Self.padding
        return [
            SVG.text(title, x, place.y + Self.padding + 12, style: "strong halo"),
            SVG.text(text, x, place.y + Self.padding + 12 + Self.lineHeight, style: "quiet halo"),
        ] + zip(groups, groupPlaces(place)).flatMap { $0.titles(at: $1) }
    }
}

/// A socket: its nodes.
struct SocketBox {
    private static let padding = 12.0
    private static let titleHeight = 20.0
    private static let maximumWidth = 1_450.0

    let title: String
    let nodes: [NodeBox]
    private let rows: BoxRows

    init(title: String, nodes: [NodeBox]) {
        self.title = title
        self.nodes = nodes
        // More than two nodes in a square, so that two sockets fit beside each other.
        let widest = nodes.map(\.size.width).max() ?? 0
        rows = BoxRows(
            nodes.map(\.size), gap: 10,
            maximumWidth: nodes.count > 2 ? min(2 * widest + 10, Self.maximumWidth) : Self.maximumWidth)
    }

    var size: Size {
        Size(
            width: rows.size.width + 2 * Self.padding,
            height: rows.size.height + 2 * Self.padding + Self.titleHeight)
    }

    private func nodePlaces(_ place: Point) -> [Point] {
        rows.places(at: Point(x: place.x + Self.padding, y: place.y + Self.padding + Self.titleHeight))
    }

    func boxes(at place: Point, cells: inout [Int: Frame], ports: inout [String: Frame]) -> [String] {
        var parts = [SVG.rectangle(place.x, place.y, size.width, size.height, style: "socket")]
        for (node, place) in zip(nodes, nodePlaces(place)) {
            parts += node.boxes(at: place, cells: &cells, ports: &ports)
        }
        return parts
    }

    func titles(at place: Point) -> [String] {
        [SVG.text(title, place.x + Self.padding, place.y + Self.padding + 11, style: "strong halo")]
            + zip(nodes, nodePlaces(place)).flatMap { $0.titles(at: $1) }
    }
}

/// Devices side by side, each as wide as its name.
struct ChipRow {
    static let chipHeight = 22.0
    private static let gap = 8.0

    private let frames: [Frame]
    let height: Double

    init(_ texts: [String], maximumWidth: Double) {
        var frames: [Frame] = []
        var (x, y) = (0.0, 0.0)
        for text in texts {
            let width = Self.width(text)
            if x > 0, x + width > maximumWidth {
                x = 0
                y += Self.chipHeight + Self.gap
            }
            frames.append(Frame(origin: Point(x: x, y: y), size: Size(width: width, height: Self.chipHeight)))
            x += width + Self.gap
        }
        self.frames = frames
        height = texts.isEmpty ? 0 : y + Self.chipHeight
    }

    static func width(_ text: String) -> Double { Double(text.count) * SVG.boldCharacterWidth + 14 }

    func frames(at origin: Point) -> [Frame] {
        frames.map { frame in
            Frame(origin: Point(x: origin.x + frame.origin.x, y: origin.y + frame.origin.y), size: frame.size)
        }
    }
}

/// Lines of text, broken between words.
struct Paragraph {
    private let lines: [String]
    private let style: String
    private static let lineHeight = 18.0

    init(_ texts: [String], style: String, width: Double) {
        let most = max(20, Int(width / SVG.wideCharacterWidth))
        var lines: [String] = []
        for text in texts {
            var line = ""
            for word in text.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > most {
                    lines.append(line)
                    line = ""
                }
                line += line.isEmpty ? String(word) : " \(word)"
            }
            lines.append(line)
        }
        self.lines = lines
        self.style = style
    }

    var height: Double { Double(lines.count) * Self.lineHeight }

    func svg(x: Double, y: Double) -> [String] {
        lines.enumerated().map { SVG.text($1, x, y + 13 + Double($0) * Self.lineHeight, style: style) }
    }
}
