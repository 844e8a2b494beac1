import Dispatch
import Foundation
import Synchronization

/// Turns SIGINT and SIGTERM into a flag that long work looks at, so that a node stops in order.
final class StopSignal: @unchecked Sendable {
    private let requested = Atomic<Bool>(false)
    /// Kept alive; written in `init` only.
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.request() }
            source.resume()
            sources.append(source)
        }
    }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    func request() { requested.store(true, ordering: .releasing) }
}
