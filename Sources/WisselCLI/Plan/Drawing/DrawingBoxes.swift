/// A point of a picture, pixels from the left and from the top.
struct Point: Equatable {
    var x: Double
    var y: Double
}

struct Size: Equatable {
    var width: Double
    var height: Double
}

struct Frame: Equatable {
    var origin: Point
    var size: Size
}

/// Boxes beside and below one another: as many in a row as fit, and all rows about equally long.
struct BoxRows {
    private let sizes: [Size]
    private let perRow: Int
    private let gap: Double
    let size: Size

    init(_ sizes: [Size], gap: Double, maximumWidth: Double) {
        let widest = sizes.map(\.width).max() ?? 0
        let most = max(1, Int((maximumWidth + gap) / (widest + gap)))
        let rows = max(1, (sizes.count + most - 1) / most)
        let perRow = max(1, (sizes.count + rows - 1) / rows)
        var (width, height) = (0.0, 0.0)
        for start in stride(from: 0, to: sizes.count, by: perRow) {
            let row = sizes[start..<min(start + perRow, sizes.count)]
            width = max(width, row.reduce(-gap) { $0 + $1.width + gap })
            height += (row.map(\.height).max() ?? 0) + (start == 0 ? 0 : gap)
        }
        self.sizes = sizes
        self.perRow = perRow
        self.gap = gap
        size = Size(width: width, height: height)
    }

    func places(at origin: Point) -> [Point] {
        var places: [Point] = []
        var (x, y, height) = (origin.x, origin.y, 0.0)
        for (index, size) in sizes.enumerated() {
            if index > 0, index.isMultiple(of: perRow) {
                x = origin.x
                y += height + gap
                height = 0
            }
            places.append(Point(x: x, y: y))
            x += size.width + gap
            height = max(height, size.height)
        }
        return places
    }
}

/// Cores behind one L3, in a grid; a core is its threads one below the other.
struct GroupBox {
    static let cellWidth = 78.0
    static let gap = 6.0
    private static let padding = 7.0
    private static let titleHeight = 17.0

    let title: String
    /// Each thread with its height.
    let cores: [[(cpu: Int, height: Double)]]
    private let columns: Int
    private var top: Double { Self.padding + (title.isEmpty ? 0 : Self.titleHeight) }

    init(title: String, cores: [[(Int, Double)]]) {
        self.cores = cores.map { $0.map { (cpu: $0.0, height: $0.1) } }
        columns =
            switch cores.count {
            case ...4: max(cores.count, 1)
            case 5, 6: 3
            case 7...16: 4
            default: 8
            }
        let width = Double(columns) * (Self.cellWidth + Self.gap)
        // A list of CPUs too long for the box says nothing that the box does not show.
        let isShort = Double(title.count) * SVG.characterWidth <= width
        self.title = isShort ? title : title.hasPrefix("part") ? "part of an L3" : "L3"
    }

    private var rowHeights: [Double] {
        stride(from: 0, to: cores.count, by: columns).map { start in
            cores[start..<min(start + columns, cores.count)].map { $0.reduce(0) { $0 + $1.height } }.max() ?? 0
        }
    }

    var size: Size {
        let heights = rowHeights
        return Size(
            width: Double(columns) * (Self.cellWidth + Self.gap) - Self.gap + 2 * Self.padding,
            height: top + heights.reduce(-Self.gap) { $0 + $1 + Self.gap } + Self.padding)
    }

    func cells(at place: Point) -> [(cpu: Int, frame: Frame)] {
        var cells: [(cpu: Int, frame: Frame)] = []
        var y = place.y + top
        for (row, height) in rowHeights.enumerated() {
            for (column, core) in cores[row * columns..<min((row + 1) * columns, cores.count)].enumerated() {
                var cellTop = y
                let x = place.x + Self.padding + Double(column) * (Self.cellWidth + Self.gap)
                for (index, thread) in core.enumerated() {
                    // The last thread takes what a taller neighbour leaves.
                    let rest = index == core.count - 1 ? y + height - cellTop : thread.height
                    cells.append(
                        (
                            thread.cpu,
                            Frame(origin: Point(x: x, y: cellTop), size: Size(width: Self.cellWidth, height: rest))
                        ))
                    cellTop += thread.height
                }
            }
            y += height + Self.gap
        }
        return cells
    }

    func titles(at place: Point) -> [String] {
        title.isEmpty ? [] : [SVG.text(title, place.x + Self.padding, place.y + 17, style: "quiet halo")]
    }
}
