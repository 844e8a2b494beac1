import Runtime
import Synchronization

/// The priority mode, set by the control thread and read by the network stages once per poll.
struct PriorityControl: @unchecked Sendable {
    private let flag: UnsafeMutablePointer<Atomic<Bool>>

    init(_ mode: NodeConfiguration.PriorityMode) {
        flag = .allocate(capacity: 1)
        flag.initialize(to: Atomic(mode == .strict))
    }

    func deallocate() { flag.deallocate() }

    func set(_ mode: NodeConfiguration.PriorityMode) { flag.pointee.store(mode == .strict, ordering: .relaxed) }

    var isStrict: Bool { flag.pointee.load(ordering: .relaxed) }
}
