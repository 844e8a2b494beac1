import Dispatch
import Foundation
import Synchronization

/// Turns signals into a flag that long work looks at: SIGINT and SIGTERM, so that a node stops in order, or SIGHUP, so
/// that it reads its filter again.
final class SignalFlag: @unchecked Sendable {
    private let raised = Atomic<Bool>(false)
    /// Kept alive; written in `init` only.
    private var sources: [any DispatchSourceSignal] = []

    init(_ numbers: [Int32]) {
        for number in numbers {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.raised.store(true, ordering: .releasing) }
            source.resume()
            sources.append(source)
        }
    }

    static func stop() -> SignalFlag { SignalFlag([SIGINT, SIGTERM]) }

    var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Whether a signal came since the last time it was asked.
    func take() -> Bool { raised.exchange(false, ordering: .acquiringAndReleasing) }
}
