import Foundation

/// Three digits, without zeros behind the point.
package func shortNumber(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let magnitude = abs(value)
    if magnitude >= 1_000 { return (value < 0 ? "−" : "") + grouped(Int(magnitude.rounded())) }
    let digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : magnitude >= 0.01 ? 3 : 5
    var text = String(format: "%.\(digits)f", value)
    if text.contains(".") {
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
    }
    return text == "-0" ? "0" : text
}

/// With so many digits behind the point.
func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// 50, 99, 99.9, 99.99.
package func shortPercentile(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\((value * 100).rounded() / 100)"
}

/// A figure as it stands in JSON and report: six digits, which is more than any of them is good for.
func figure(_ value: Double) -> Double {
    guard value.isFinite, value != 0, value != value.rounded() || abs(value) >= 1e15 else { return value }
    let scale = pow(10, 5 - floor(log10(abs(value))))
    return (value * scale).rounded() / scale
}

/// The figure as text, the same in every output.
func figureText(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

/// Packets per second in millions.
func megapackets(_ rate: Double) -> String {
    rate < 1e6 ? String(format: "%.3f Mpps", rate / 1e6) : String(format: "%.1f Mpps", rate / 1e6)
}

/// A ratio as per cent, to three digits.
func percent(_ ratio: Double) -> String { "\(shortNumber(ratio * 100)) %" }
