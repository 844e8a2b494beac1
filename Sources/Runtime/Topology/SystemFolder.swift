/// The folder `sys` of a machine, or of a copy of it, and the two kinds of small files in it.
struct SystemFolder {
    private let base: String

    init(root: String) { base = (root.hasSuffix("/") ? root : root + "/") + "sys/" }

    func path(_ name: String) -> String { base + name }

    /// The CPUs a file lists, ascending; nil when there is no such file. "(null)" is how some kernels write "none".
    static func list(_ file: String) throws(TopologyError) -> [Int]? {
        guard let text = textFile(file)?.filter({ !$0.isWhitespace }) else { return nil }
        if text.isEmpty || text == "(null)" { return [] }
        guard let cpus = cpuNumbers(text) else {
            throw .notNumbers(file: file, text: text, expected: "a list of CPUs such as 0-3,8")
        }
        return cpus
    }

    /// The whole number in a file; nil when there is no such file or nothing in it.
    static func number(_ file: String) throws(TopologyError) -> Int? {
        guard let text = textFile(file)?.filter({ !$0.isWhitespace }), !text.isEmpty else { return nil }
        guard let number = Int(text) else { throw .notNumbers(file: file, text: text, expected: "a whole number") }
        return number
    }
}

/// CPU numbers from the way taskset and the kernel write them, `0-3,8`: ascending, without repetition. Nil when the text
/// is something else or names a CPU above 8,191, the most a kernel can be built for.
public func cpuNumbers(_ text: some StringProtocol) -> [Int]? {
    var cpus: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 0, first <= last,
            last <= 8_191
        else { return nil }
        cpus.formUnion(first...last)
    }
    return cpus.sorted()
}
