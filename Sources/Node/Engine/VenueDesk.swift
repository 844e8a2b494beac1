import Journal
import Orders
import Runtime

/// Gives the venue's commands to the engine of a running node, one at a time, and finds the answer to each.
///
/// One thread, the control thread. `poll` is to be called a few times a second also when nothing was asked, so that reports
/// nobody asked for (an interruption begins) leave the ring.
public final class VenueDesk {
    /// What became of a command.
    public struct Answer: Sendable, Equatable {
        /// Position in the log; 0: the journal takes nothing now, and the command was not carried out.
        public var sequence: UInt64
        /// The reports to session 0 that the command made, in order.
        public var reports: [ExecutionReport]
    }

    private let link: VenueLink
    private let journal: JournalSharedState
    private let waitsForJournal: Bool
    /// Number of the last command given; an answer under another number came too late.
    private var ticket: UInt64 = 0
    private var isOpen = false
    private var collected: [ExecutionReport] = []
    private var answer: Answer?

    init(link: VenueLink, journal: JournalSharedState, acknowledgement: AcknowledgementMode) {
        self.link = link
        self.journal = journal
        waitsForJournal = acknowledgement != .matched
    }

    /// Whether the venue may send commands of this kind.
    public static func takes(_ kind: CommandKind) -> Bool {
        switch kind {
        case .phase, .setInstrument, .indicate, .massCancel, .setRisk, .rule: true
        case .none, .newOrder, .cancel, .replace, .sessionEstablished, .sessionTerminated, .checkpoint, .terms, .quote,
            .timer:
            false
        }
    }

    /// Gives a command to the engine as session 0. An answer to the one before is no longer waited for.
    /// - Returns: whether there was room, and the kind is the venue's.
    public func submit(_ command: Command) -> Bool {
        guard Self.takes(command.kind) else { return false }
        var own = command
        own.session = 0
        own.clientSequence = ticket &+ 1
        guard link.commands.push(own) else { return false }
        ticket &+= 1
        isOpen = true
        answer = nil
        return true
    }

    /// The answer to the command given last, once: when the engine has carried it out and, unless the node answers before,
    /// it is on the disk. Nil before.
    public func poll() -> Answer? {
        while let report = link.reports.pop() { take(report) }
        guard let found = answer, !waitsForJournal || journal.durableSequence >= found.sequence else { return nil }
        answer = nil
        return found
    }

    private func take(_ report: ExecutionReport) {
        guard report.kind == .none else {
            // Reports nobody asked for are known by their sequence, which is no answer's.
            if isOpen { collected.append(report) }
            return
        }
        if isOpen, report.clientSequence == ticket {
            answer = Answer(
                sequence: report.sequence,
                reports: collected.filter { report.sequence != 0 && $0.sequence == report.sequence })
            isOpen = false
        }
        collected.removeAll(keepingCapacity: true)
    }
}
