import Dispatch
import Foundation
import Synchronization

/// Turns signals into a flag that long work looks at: SIGINT and SIGTERM, so that a node stops in order, or others.
final class SignalFlag: @unchecked Sendable {
    private let requested = Atomic<Bool>(false)
    /// Kept alive; written in `init` only.
    private var sources: [any DispatchSourceSignal] = []

    init(_ numbers: [Int32] = [SIGINT, SIGTERM]) {
        for number in numbers {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.request() }
            source.resume()
            sources.append(source)
        }
    }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Whether it was requested since the last call.
    func take() -> Bool { requested.exchange(false, ordering: .acquiring) }

    func request() { requested.store(true, ordering: .releasing) }
}
