import CPlatform
import Glibc
import Synchronization

/// The node's threads go before all others on their CPUs, as on a machine that is set up for trading they would be alone
/// there (isolcpus). What the kernel has to do besides then falls on the wire's CPU.
final class SchedulingPrecedence: Sendable {
    private static let nice: Int32 = -20
    private let sharedCPUs: [Int]
    private let isTaken = Atomic(false)

    /// - Parameter sharedCPUs: those whose threads stay as they are, because they have to get along with others.
    init(except sharedCPUs: [Int]) { self.sharedCPUs = sharedCPUs }

    /// For the calling thread. Takes the right to do so (CAP_SYS_NICE).
    func take() {
        guard !sharedCPUs.contains(Int(cplatform_current_cpu())),
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.nice) == 0
        else { return }
        isTaken.store(true, ordering: .relaxed)
    }

    var text: String {
        isTaken.load(ordering: .relaxed)
            ? "the node's threads before all others on their CPUs (nice \(Self.nice))"
            : "the node's threads have no precedence on their CPUs, since nice \(Self.nice) takes root"
    }
}
