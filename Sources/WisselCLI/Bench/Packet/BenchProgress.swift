import Foundation

/// Tells the course of a benchmark: one moving line with the time left on a terminal, a line per step elsewhere.
final class BenchProgress {
    private let total: Int
    private let json: String?
    private let line: LiveLine
    private let start = Date()
    private var done = 0

    /// - Parameters:
    ///   - total: steps to come, about.
    ///   - json: where the figures go; for `-` the course is told on standard error.
    init(total: Int, json: String?) {
        self.total = total
        self.json = json
        let descriptor = json == "-" ? STDERR_FILENO : STDOUT_FILENO
        line = LiveLine(isOn: isTerminal(descriptor), handle: FileHandle(fileDescriptor: descriptor))
    }

    /// A step is done.
    func step(_ text: String) {
        done += 1
        guard line.isOn else { return narrate(text, json: json) }
        let elapsed = Date().timeIntervalSince(start)
        let left = elapsed / Double(done) * Double(max(0, total - done))
        line.show("\(min(99, done * 100 / max(total, 1))) %, about \(Int(left.rounded(.up))) s left · \(text)")
    }

    func finish() { line.finish() }
}
