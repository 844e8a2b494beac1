import Runtime
import Yams

/// Puts a core plan into the text of a configuration: `cores.idle` and `cores.plan` are replaced or added, `cores.matching`
/// goes, because the plan says where the shards are; every other byte stays, comments and line endings among them.
///
/// YAML's own reader says where the section, its keys and its neighbours begin, and the result is read again: what is not
/// exactly the plan asked for beside exactly what stood there before is refused.
public struct CoresEdit {
    /// Why a text was not changed. The description names the remedy.
    public struct Refusal: Error, Equatable, CustomStringConvertible {
        public var file: String
        public var cause: String
        public var description: String {
            "\(file) was left as it is: \(cause): paste the section `cores` that `wissel plan` prints by hand"
        }
    }

    private let cores: NodeConfiguration.Cores
    private let file: String
    private var text: TextLines

    /// The text with the plan in it; the same text when it says so already.
    /// - Parameter file: the name used in messages.
    /// - Throws: `ConfigurationError` when the text is no configuration, else `Refusal`.
    public static func applying(_ plan: CorePlan, to text: String, file: String) throws -> String {
        let before = try NodeConfiguration(yaml: text, file: file)
        let cores = NodeConfiguration.Cores(plan, remoteMemory: before.cores.remoteMemory)
        if before.cores.isSame(as: cores) { return text }
        var edit = CoresEdit(cores: cores, file: file, text: TextLines(text))
        try edit.change(try edit.sections(of: text))
        let result = edit.text.joined
        try edit.check(result, against: text)
        return result
    }

    private init(cores: NodeConfiguration.Cores, file: String, text: TextLines) {
        self.cores = cores
        self.file = file
        self.text = text
    }

    private func refusal(_ cause: String) -> Refusal { Refusal(file: file, cause: cause) }

    private func sections(of yaml: String) throws -> Node.Mapping {
        guard let mapping = try Yams.compose(yaml: yaml, .basic)?.mapping, !isInBraces(mapping) else {
            throw refusal("the whole file is one pair of braces")
        }
        return mapping
    }

    /// The style that Yams 6 gives with a mapping is that of its end, which has none: the text says it.
    private func isInBraces(_ mapping: Node.Mapping) -> Bool {
        mapping.mark.map { text.isBrace(atLine: $0.line - 1, column: $0.column - 1) } ?? false
    }

    // MARK: Changing

    private mutating func change(_ root: Node.Mapping) throws(Refusal) {
        let sections = Array(root)
        guard let index = sections.firstIndex(where: { $0.key.scalar?.string == "cores" }) else {
            append(indentation: indentation(of: sections.map(\.value)))
            return
        }
        let section = sections[index]
        guard let start = section.key.mark, let place = section.value.mark, let mapping = section.value.mapping else {
            throw refusal("its section `cores` cannot be found")
        }
        if isInBraces(mapping) {
            guard text.replaceFlow(atLine: place.line - 1, column: place.column - 1, by: cores.flowText) else {
                throw refusal("the braces of `cores` have no end")
            }
            return
        }
        let end = index + 1 < sections.count ? sections[index + 1].key.mark.map { $0.line - 1 } : text.endOfDocument
        guard let end, end >= start.line else { throw refusal("its section `cores` has no end") }
        try change(block: Array(mapping), before: end)
    }

    /// A section of keys below one another.
    private mutating func change(block keys: [(key: Node, value: Node)], before end: Int) throws(Refusal) {
        guard let first = keys.first?.key.mark else { throw refusal("its section `cores` is empty") }
        let indentation = String(repeating: " ", count: first.column - 1)
        let lines = cores.lines()
        let plan = lines.dropFirst().map { indentation + $0 }
        func lastLine(of index: Int) -> Int {
            let next = index + 1 < keys.count ? keys[index + 1].key.mark.map { $0.line - 1 } : nil
            return text.lastContent(before: next ?? end)
        }
        let idle = keys.first { $0.key.scalar?.string == "idle" }
        if let idle {
            guard let mark = idle.value.mark,
                text.replaceWord(atLine: mark.line - 1, column: mark.column - 1, by: cores.idleWord)
            else { throw refusal("the value of `cores.idle` cannot be found") }
        }
        let names = keys.map { $0.key.scalar?.string }
        var changes: [(range: ClosedRange<Int>, lines: [String])] = []
        for (index, name) in names.enumerated() where name == "plan" || name == "matching" {
            guard let mark = keys[index].key.mark else { throw refusal("a key of `cores` cannot be found") }
            changes.append((mark.line - 1...lastLine(of: index), name == "plan" ? plan : []))
        }
        let last = lastLine(of: keys.count - 1)
        // Lines come and go from here on, the lower ones first.
        if !names.contains("plan") { text.insert(plan, at: last + 1) }
        for change in changes.reversed() { text.replace(change.range, by: change.lines) }
        if idle == nil { text.insert([indentation + lines[0]], at: first.line - 1) }
    }

    private mutating func append(indentation: Int) {
        let space = String(repeating: " ", count: indentation)
        let end = text.lastContent(before: text.endOfDocument) + 1
        text.insert(["", "cores:"] + cores.lines().map { space + $0 }, at: end)
    }

    /// As the file's other sections are indented; 2 when none tells.
    private func indentation(of sections: [Node]) -> Int {
        for section in sections {
            guard let mapping = section.mapping, !isInBraces(mapping),
                let column = Array(mapping).first?.key.mark?.column
            else { continue }
            return max(column - 1, 1)
        }
        return 2
    }

    // MARK: Checking

    private func check(_ result: String, against before: String) throws {
        let written: NodeConfiguration
        do {
            written = try NodeConfiguration(yaml: result, file: file)
        } catch {
            throw refusal("with the plan in it, it would no longer be right (\(error))")
        }
        let others = try [before, result].map { text in
            try Yams.compose(yaml: text, .basic)?.mapping.map { $0.filter { $0.key.scalar?.string != "cores" } } ?? []
        }
        let same = others[0].count == others[1].count && zip(others[0], others[1]).allSatisfy { $0 == $1 }
        guard written.cores.isSame(as: cores), same else {
            throw refusal("its section `cores` is written in a way that this program does not change")
        }
    }
}
