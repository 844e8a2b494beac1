import Foundation
import NetStack
import Runtime

/// A capture from the client's side: messages in, a file out, until somebody ends it.
struct CaptureRecording {
    let client: CaptureClient
    let output: CaptureOutput
    /// Frames to write; nil: no limit.
    let count: UInt64?
    let seconds: Double?
    let isStopRequested: () -> Bool

    /// What came of it.
    struct Summary {
        var received: UInt64 = 0
        var sent: UInt64 = 0
        /// nil when the node went without a word.
        var end: CaptureProtocol.End?
        /// The reader of the pipe has gone, which is no failure.
        var readerLeft = false

        var isWhole: Bool { end != nil || readerLeft }
        var frames: UInt64 { received + sent }

        func text(paths: [String]) -> String {
            let place = paths.last.map { $0 == "-" ? "standard output" : paths.joined(separator: ", ") } ?? ""
            var lines = ["\(grouped(frames)) frames (\(grouped(received)) in, \(grouped(sent)) out) in \(place)"]
            if let end {
                let seen = end.statistics.reduce(0) { $0 + $1.received }
                let accepted = end.statistics.reduce(0) { $0 + $1.filterAccepted }
                let lost = end.statistics.reduce(0) { $0 + $1.captureDropped }
                let lostBefore = end.statistics.reduce(0) { $0 + $1.interfaceDropped }
                lines.append(
                    "the node saw \(grouped(seen)); the filter left out \(grouped(seen - accepted)); "
                        + "\(grouped(lost)) lost to the capture, \(grouped(lostBefore)) at the ports")
                if let reason = end.reason { lines.append("ended by the node: \(reason)") }
            } else if !readerLeft {
                lines.append("error: the node is gone; what was captured is in the file, what was lost is not known")
            }
            return lines.joined(separator: "\n")
        }
    }

    /// Reads until the node says the end.
    /// - Throws: what the file or the connection failed with; the node ends the capture when the connection closes.
    func run() throws -> Summary {
        var summary = Summary()
        var written: [Int: UInt64] = [:]
        var isOver = false
        var isStopping = false
        let deadline = seconds.map { Date().addingTimeInterval($0) }
        do {
            while !isOver {
                if !isStopping, isStopRequested() || isEnough(summary) || deadline.map({ Date() >= $0 }) ?? false {
                    isStopping = true
                    client.stop()
                }
                try client.next { message in
                    switch message {
                    case .frame(let time, let length, let interface, let direction, let bytes):
                        // Those beyond the count were under way when the node was told to end.
                        if isEnough(summary) { return }
                        try output.append(
                            bytes, timestampNanoseconds: time, originalLength: length, interface: interface,
                            direction: direction)
                        if direction == .inbound { summary.received += 1 } else { summary.sent += 1 }
                        written[interface, default: 0] += 1
                    case .nothing: try output.flush()
                    case .gone: isOver = true
                    case .end(var end):
                        for index in end.statistics.indices {
                            end.statistics[index].delivered = written[index] ?? 0
                        }
                        try output.append(
                            end.statistics, startNanoseconds: client.reply.startNanoseconds,
                            endNanoseconds: end.endNanoseconds)
                        summary.end = end
                        isOver = true
                    }
                }
            }
            try output.flush()
        } catch CaptureFileError.system("-", _, EPIPE) {
            summary.readerLeft = true
        }
        return summary
    }

    private func isEnough(_ summary: Summary) -> Bool { count.map { summary.frames >= $0 } ?? false }
}
