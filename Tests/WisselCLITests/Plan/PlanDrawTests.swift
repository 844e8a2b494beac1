import Foundation
import FoundationXML
import TestSupport
import Testing

/// `wissel plan --draw`: a picture in which every CPU is once, every stage is on its CPU, and nothing lies outside.
@Suite struct PlanDrawTests {
    private static let machines = [
        "online 0-1\nl3: 0-1\nnode 0: 0-1\nmemory 0: 10443640\npages 0 2048: 12 64",
        "online 0-3\nisolated 1-3",
        """
        online 0-127
        smt 64
        package 0: 0-31,64-95
        package 1: 32-63,96-127
        l3: 0-31,64-95
        l3: 32-63,96-127
        node 0: 0-31,64-95
        node 1: 32-63,96-127
        distances 0: 10 21
        distances 1: 21 10
        isolated 33-36,97-100
        memory 0: 134129605
        memory 1: 134129605
        """,
        """
        online 0-127
        smt 64
        \((0..<8).map { "l3: \($0 * 8)-\($0 * 8 + 7),\($0 * 8 + 64)-\($0 * 8 + 71)" }.joined(separator: "\n"))
        node 0: 0-127
        """,
        """
        online 0-63
        smt 32
        package 0: 0-15,32-47
        package 1: 16-31,48-63
        l3: 0-15,32-47
        l3: 16-31,48-63
        node 0: 0-7,32-39
        node 1: 8-15,40-47
        node 2: 16-23,48-55
        node 3: 24-31,56-63
        """,
    ]

    private struct Plan: Decodable {
        struct Core: Decodable {
            var cpu: Int?
            var stages: [String]
        }
        var cores: [Core]
        var emptySiblings: [Int]
    }

    @Test(arguments: machines.indices)
    func everyCPUIsOnceAndNothingLiesOutside(number: Int) throws {
        let folder = try TemporaryFolder()
        let topology = Self.machines[number]
        try RecordedTopology(topology + "\npci 0000:81:00.0: \(topology.contains("node 1") ? 1 : 0)").write(
            to: folder.path)
        let path = try Program.configuration(
            in: folder,
            changes: [
                ("device: tap:wissel0", "device: pci:0000:81:00.0"), ("queues: 1", "queues: 3"),
                ("interfaces:\n", "interfaces:\n  - {device: \"pcap:/tmp/a<&>b:\", address: 198.18.9.2/24}\n"),
            ])
        let file = folder.path + "/machine.svg"
        let result = try Program.run(
            "plan", "--config", path, "--root", folder.path, "--draw", file, "--json", "-")
        #expect(result.status == 0, "\(result.error)")
        let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
        let picture = try Picture(Data(contentsOf: URL(fileURLWithPath: file)))

        let online = Set(Self.numbers(topology.split(separator: "\n")[0].dropFirst("online ".count)))
        #expect(picture.cpus.map(\.number).sorted() == online.sorted())
        let planned = picture.cpus.filter(\.isPlanned)
        #expect(planned.count == plan.cores.count)
        for core in plan.cores {
            let cell = try #require(planned.first { $0.number == core.cpu })
            #expect(cell.stages == core.stages || core.stages.count > 3)
            #expect(cell.reason.hasPrefix("CPU \(cell.number): "))
            for (index, frame) in cell.stageFrames.enumerated() {
                #expect(cell.frame.contains(frame), "stage \(index) of CPU \(cell.number) sticks out")
            }
        }
        #expect(Set(picture.cpus.filter { $0.style.contains("empty") }.map(\.number)) == Set(plan.emptySiblings))
        for (index, cell) in picture.cpus.enumerated() {
            for other in picture.cpus[(index + 1)...] {
                #expect(
                    !cell.frame.insetBy(dx: 0.1, dy: 0.1).intersects(other.frame), "\(cell.number), \(other.number)")
            }
        }
        for text in picture.texts {
            #expect(picture.bounds.contains(text.frame), "'\(text.text)' lies outside")
        }
        #expect(picture.texts.contains { $0.text.hasPrefix("pcap:/tmp/a<&>b: · 1 queue") })
        #expect(picture.wires >= 2 && picture.bounds.width <= 1_520)
        #expect(picture.source.contains("prefers-color-scheme: dark"))
    }

    private static func numbers(_ list: Substring) -> ClosedRange<Int> {
        let ends = list.split(separator: "-").compactMap { Int($0) }
        return ends[0]...ends[1]
    }
}

/// What a drawing holds, as an XML parser finds it.
private final class Picture: NSObject, XMLParserDelegate {
    struct CPU {
        var number: Int
        var isPlanned: Bool
        var style = ""
        var frame = CGRect.zero
        var reason = ""
        var stages: [String] = []
        var stageFrames: [CGRect] = []
    }
    struct Text {
        var text: String
        var style: String
        var place: CGPoint
        var anchor: String

        /// By a guess at the width of letters.
        var frame: CGRect {
            let isBold = ["strong", "head"].contains { style.contains($0) }
            let width =
                Double(text.count)
                * (style.contains("onstage") ? 6.4 : style.contains("head") ? 7.6 : isBold ? 6.9 : 6.4)
            let left = anchor == "middle" ? place.x - width / 2 : anchor == "end" ? place.x - width : place.x
            return CGRect(x: left, y: place.y - 11, width: width, height: 14)
        }
    }

    let source: String
    private(set) var bounds = CGRect.zero
    private(set) var cpus: [CPU] = []
    private(set) var texts: [Text] = []
    private(set) var wires = 0
    private var open: CPU?
    private var isTitle = false
    private var isText = false

    init(_ data: Data) throws {
        source = String(decoding: data, as: UTF8.self)
        super.init()
        let parser = XMLParser(data: data)
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.coderReadCorrupt) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        func number(_ key: String) -> Double { attributes[key].flatMap { Double($0) } ?? -1 }
        let style = attributes["class"] ?? ""
        let frame = CGRect(x: number("x"), y: number("y"), width: number("width"), height: number("height"))
        switch name {
        case "svg":
            let box = (attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
            bounds = CGRect(x: box[0], y: box[1], width: box[2], height: box[3])
        case "g": open = CPU(number: Int(number("data-cpu")), isPlanned: style.contains("planned"))
        case "title": isTitle = true
        case "rect" where open != nil && style.hasPrefix("thread"):
            open?.frame = frame
            open?.style = style
        case "rect" where open != nil: open?.stageFrames.append(frame)
        case "path" where style == "wire": wires += 1
        case "text":
            isText = true
            texts.append(
                Text(
                    text: "", style: style, place: CGPoint(x: number("x"), y: number("y")),
                    anchor: attributes["text-anchor"] ?? ""))
        default: break
        }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if isTitle { open?.reason += string }
        if isText { texts[texts.count - 1].text += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        switch name {
        case "title": isTitle = false
        case "text":
            isText = false
            let text = texts[texts.count - 1]
            if text.style == "onstage" { open?.stages.append(text.text) }
        case "g":
            if let cpu = open { cpus.append(cpu) }
            open = nil
        default: break
        }
    }
}
