import Foundation

/// The pieces of an inline SVG. Colours come from classes, which the page's style sheet gives in light and dark.
enum SVG {
    /// Width of a character at the plots' text size, on average; browsers' sans-serif fonts stay below it.
    static let characterWidth = 6.7
    /// For short words, where a few broad letters weigh more.
    static let wideCharacterWidth = 7.3
    static let boldCharacterWidth = 7.8
    static let lineHeight = 14.0

    static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    enum Anchor: String {
        case start, middle, end
    }

    static func text(
        _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, style: String = "", turned: Bool = false
    ) -> String {
        let turn = turned ? " transform=\"rotate(-90 \(number(x)) \(number(y)))\"" : ""
        let name = style.isEmpty ? "" : " class=\"\(style)\""
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor.rawValue)\"\(name)\(turn)>"
            + "\(escaped(text))</text>"
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(style)\"/>"
    }

    static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String) -> String {
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(width, 0)))\" "
            + "height=\"\(number(height))\" class=\"\(style)\"/>"
    }

    static func path(_ points: [(x: Double, y: Double)], style: String) -> String {
        let steps = points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
        }
        return "<path d=\"\(steps.joined(separator: " "))\" class=\"\(style)\"/>"
    }

    static func circle(_ x: Double, _ y: Double, _ radius: Double, style: String) -> String {
        "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" class=\"\(style)\"/>"
    }

    /// The whole picture; `title` is what a screen reader says.
    static func picture(_ width: Double, _ height: Double, title: String, _ parts: [String]) -> String {
        "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"\(escaped(title))\">\n"
            + "\(parts.joined(separator: "\n"))\n</svg>"
    }

    /// A picture that stands alone in a file, as large as it is on paper.
    static func document(_ width: Double, _ height: Double, title: String, style: String, _ parts: [String]) -> String {
        let (width, height) = (number(width), number(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            role="img" aria-label="\(escaped(title))">
            <style>\(style)</style>
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }

    /// Text for element contents and attributes.
    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
    }

    /// Moves labels apart that would lie over each other, keeping their order, within `range`.
    static func spread(_ wanted: [Double], distance: Double, within range: ClosedRange<Double>) -> [Double] {
        let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
        var places = wanted
        var lowest = range.lowerBound
        for index in order {
            places[index] = max(wanted[index], lowest)
            lowest = places[index] + distance
        }
        var highest = range.upperBound
        for index in order.reversed() {
            places[index] = min(places[index], highest)
            highest = places[index] - distance
        }
        return places
    }
}
