import Yams

/// A mapping of the configuration file with its place, so that each wrong value is reported with file, line and key.
///
/// A reader takes what it knows; `finish()` then reports the keys nobody took. Wrong values are collected, not thrown,
/// so that one run shows all of them; the value given back in their place is never used.
final class ConfigurationSection {
    private let mapping: Yams.Node.Mapping?
    let path: String
    let line: Int
    private let issues: IssueList
    private var taken: Set<String> = []

    final class IssueList {
        var issues: [ConfigurationError.Issue] = []
    }

    init(node: Yams.Node?, path: String, fallbackLine: Int, issues: IssueList) {
        self.path = path
        self.issues = issues
        line = node?.mark?.line ?? fallbackLine
        mapping = node?.mapping
        if let node, node.mapping == nil {
            report(
                line: line, key: path.isEmpty ? "YAML" : path, found: Self.describe(node),
                expected: "a block of `key: value` lines", write: path.isEmpty ? "node:" : "\(path):")
        }
    }

    // MARK: Values

    func text(_ key: String, default fallback: String? = nil, expected: String, write: String) -> String {
        value(key, default: fallback, expected: expected, write: write) { $0 } ?? ""
    }

    func integer(_ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>, unit: String = "") -> Int {
        let units = unit.isEmpty ? "" : " \(unit)"
        let example = fallback ?? range.lowerBound
        return value(
            key, default: fallback, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)\(units)",
            write: "\(key): \(example)"
        ) { text in
            Int(text.replacing("_", with: "")).flatMap { range.contains($0) ? $0 : nil }
        } ?? range.lowerBound
    }

    func choice<Choice: CaseIterable & RawRepresentable>(_ key: String, default fallback: Choice) -> Choice
    where Choice.RawValue == String {
        let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return value(key, default: fallback, expected: "one of \(choices)", write: "\(key): \(fallback.rawValue)") {
            // YAML 1.1 reads on/off as booleans; here they are words like any other.
            Choice(rawValue: $0)
        } ?? fallback
    }

    /// A value in a notation of its own; `parse` gives nil when it is wrong.
    func value<Value>(
        _ key: String, default fallback: Value? = nil, expected: String, write: String, parse: (String) -> Value?
    ) -> Value? {
        taken.insert(key)
        guard let node = mapping?[key] else {
            if fallback == nil { missing(key, expected: expected, write: write) }
            return fallback
        }
        guard let scalar = node.scalar?.string, let parsed = parse(scalar) else {
            report(
                line: node.mark?.line ?? line, key: join(key), found: Self.describe(node), expected: expected,
                write: write)
            return fallback
        }
        return parsed
    }

    /// A list of scalars in a notation of their own.
    func list<Value>(_ key: String, expected: String, write: String, parse: (String) -> Value?) -> [Value] {
        elements(key, expected: expected, write: write).compactMap { element in
            guard let scalar = element.node.scalar?.string, let parsed = parse(scalar) else {
                report(
                    line: element.node.mark?.line ?? line, key: element.path, found: Self.describe(element.node),
                    expected: expected, write: write)
                return nil
            }
            return parsed
        }
    }

    /// A list that may be left out, and is empty then.
    func optionalList<Value>(_ key: String, expected: String, write: String, parse: (String) -> Value?) -> [Value] {
        has(key) ? list(key, expected: expected, write: write, parse: parse) : []
    }

    // MARK: Blocks

    func section(_ key: String, required: Bool, write: String) -> ConfigurationSection {
        taken.insert(key)
        let node = mapping?[key]
        if node == nil, required { missing(key, expected: "a block of `key: value` lines", write: write) }
        return ConfigurationSection(node: node, path: join(key), fallbackLine: line, issues: issues)
    }

    func sections(_ key: String, required: Bool, write: String) -> [ConfigurationSection] {
        guard has(key) || required else { return [] }
        return elements(key, expected: "a list of blocks", write: write).map { element in
            ConfigurationSection(node: element.node, path: element.path, fallbackLine: line, issues: issues)
        }
    }

    /// Whether the key is there; who asks for it knows it.
    func has(_ key: String) -> Bool {
        taken.insert(key)
        return mapping?[key] != nil
    }

    /// Reports the keys that no reader asked for.
    func finish() {
        guard let mapping else { return }
        for (keyNode, _) in mapping {
            guard let key = keyNode.scalar?.string, !taken.contains(key) else { continue }
            let known = taken.sorted().joined(separator: ", ")
            report(
                line: keyNode.mark?.line ?? line, key: join(key), found: "an unknown key", expected: "one of \(known)",
                write: "remove the line, or use one of the known keys")
        }
    }

    func report(key: String, found: String, expected: String, write: String) {
        let place = mapping?[key]?.mark?.line ?? line
        report(line: place, key: join(key), found: found, expected: expected, write: write)
    }

    // MARK: Helpers

    private func elements(_ key: String, expected: String, write: String) -> [(node: Yams.Node, path: String)] {
        taken.insert(key)
        guard let node = mapping?[key] else {
            missing(key, expected: expected, write: write)
            return []
        }
        guard let sequence = node.sequence else {
            report(
                line: node.mark?.line ?? line, key: join(key), found: Self.describe(node),
                expected: "a list: \(expected)",
                write: write)
            return []
        }
        return sequence.enumerated().map { ($1, "\(join(key))[\($0)]") }
    }

    private func missing(_ key: String, expected: String, write: String) {
        report(line: line, key: join(key), found: "nothing", expected: expected, write: write)
    }

    private func report(line: Int, key: String, found: String, expected: String, write: String) {
        issues.issues.append(.init(line: line, key: key, found: found, expected: expected, write: write))
    }

    private func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private static func describe(_ node: Yams.Node) -> String {
        if let scalar = node.scalar?.string { return "`\(scalar)`" }
        return node.sequence != nil ? "a list" : "a block"
    }
}
