import Glibc
import Runtime

/// The files of a machine by which it tells about itself: `/sys`, `/proc`, `/etc`, `/dev`, `/run` and so on, of this one
/// or of a copy in a folder.
struct MachineFolder: Sendable {
    private let base: String

    /// - Parameter root: `/` for this machine.
    init(root: String) {
        var base = root
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// Whether it is this machine, which can be asked for more than its files.
    var isHere: Bool { base.isEmpty }
    /// As readers of topology and huge pages want it.
    var root: String { isHere ? "/" : base }

    /// - Parameter path: an absolute path on the machine.
    func path(_ path: String) -> String { base + path }

    func text(_ path: String) -> String? { textFile(base + path) }

    /// The first line without blanks around it; nil when there is no such file, or nothing in it.
    func line(_ path: String) -> String? {
        guard let line = text(path)?.split(separator: "\n").first else { return nil }
        return Self.trimmed(line)
    }

    /// The whole number in a file; nil when there is none.
    func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

    /// The CPUs a file lists, ascending; empty when there is no such file or it lists none.
    func cpus(_ path: String) -> [Int] { line(path).flatMap { cpuNumbers($0) } ?? [] }

    /// CPUs of a hexadecimal mask such as `ff,00000003`.
    func cpuMask(_ path: String) -> [Int]? {
        guard let digits = line(path)?.filter({ $0 != "," }) else { return nil }
        var cpus: [Int] = []
        for (index, digit) in digits.reversed().enumerated() {
            guard let value = digit.hexDigitValue else { return nil }
            cpus += (0..<4).filter { value & (1 << $0) != 0 }.map { index * 4 + $0 }
        }
        return cpus
    }

    /// The names in a folder, sorted.
    func names(_ path: String) -> [String] { directoryNames(base + path) }

    func exists(_ path: String) -> Bool { access(base + path, F_OK) == 0 }

    /// The last name a symbolic link points to.
    func link(_ path: String) -> String? { linkName(base + path) }

    /// The word in brackets of a file that shows a choice, `always [madvise] never`; nil when there is none.
    func choice(_ path: String) -> String? {
        line(path)?.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    /// The first bytes of a file, at most `count`.
    func bytes(_ path: String, count: Int) -> [UInt8] {
        let descriptor = open(base + path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let length = read(descriptor, &bytes, count)
        return Array(bytes.prefix(max(length, 0)))
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let end = text.lastIndex { !$0.isWhitespace }
        return end.map { String(text[...$0].drop(while: \.isWhitespace)) } ?? ""
    }
}
