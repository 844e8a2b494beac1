import Foundation

/// Writes text to a file, or to standard output for `-`.
func write(_ text: String, to path: String) throws {
    if path == "-" {
        print(text)
    } else {
        try (text + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// A value as JSON for machines that people can read too: indented, keys in order.
func prettyJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Tells the course of a command: on standard output, or on standard error when the JSON goes there. Written at once, so
/// that whoever reads it from a file or a pipe is not behind.
func narrate(_ text: String, json: String?) {
    let handle = json == "-" ? FileHandle.standardError : FileHandle.standardOutput
    // A terminal that has gone away is no reason to fall in the middle of an orderly stop.
    try? handle.write(contentsOf: Data((text + "\n").utf8))
}

func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// A whole number with a space between groups of three, as people read it.
func grouped(_ number: some BinaryInteger) -> String {
    let digits = String(describing: number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
        text.append(digit)
    }
    return number < 0 ? "-" + text : text
}

/// Nanoseconds in the unit that keeps three digits in sight.
func duration(nanoseconds: UInt64) -> String {
    switch nanoseconds {
    case ..<1_000: "\(nanoseconds) ns"
    case ..<1_000_000: String(format: "%.1f µs", Double(nanoseconds) / 1e3)
    case ..<1_000_000_000: String(format: "%.2f ms", Double(nanoseconds) / 1e6)
    default: String(format: "%.2f s", Double(nanoseconds) / 1e9)
    }
}
