import Foundation
import Node

/// One line on the terminal that shows what the node does right now: rates, ring fill, drops by reason.
struct LiveLine {
    let isOn: Bool
    private let handle: FileHandle
    private var last: NodeStatistics?
    private var lastNanoseconds: UInt64 = 0

    init(isOn: Bool, handle: FileHandle = .standardOutput) {
        self.isOn = isOn
        self.handle = handle
    }

    /// Shows the rates since the call before; `title` stands in front.
    mutating func show(_ statistics: NodeStatistics, now: UInt64, title: String = "") {
        defer {
            last = statistics
            lastNanoseconds = now
        }
        guard isOn, let last, now > lastNanoseconds else { return }
        let seconds = Double(now - lastNanoseconds) / 1e9
        func rate(_ current: UInt64, _ before: UInt64) -> String { grouped(Int(Double(current &- before) / seconds)) }
        let messages = statistics.feeds.reduce(0) { $0 + $1.messages } &- last.feeds.reduce(0) { $0 + $1.messages }
        var text = "\(title)rx \(rate(statistics[.framesReceived], last[.framesReceived])) pps"
        text += " · orders \(rate(statistics[.commands], last[.commands]))/s"
        text += " · feed \(rate(messages, 0)) msg/s"
        text += " · rings \(statistics.fill.orders) in \(statistics.fill.marketData) md"
        text += " \(statistics.fill.journal) log \(statistics.fill.reports) out"
        let drops = statistics.dropsByReason.prefix(3).map { "\($0.reason.description) \(grouped($0.count))" }
        text += " · drops " + (drops.isEmpty ? "0" : drops.joined(separator: ", "))
        show(text)
    }

    /// Shows a text in place of the one before.
    func show(_ text: String) {
        if isOn { try? handle.write(contentsOf: Data("\r\(text.prefix(width - 1))\u{1B}[K".utf8)) }
    }

    /// Columns of the terminal: a line that wraps cannot be written over.
    private var width: Int { Self.width(handle.fileDescriptor) }

    static func width(_ descriptor: Int32 = STDOUT_FILENO) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    func finish() {
        if isOn { try? handle.write(contentsOf: Data("\r\u{1B}[K".utf8)) }
    }
}
