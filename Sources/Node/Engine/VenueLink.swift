import Orders
import Runtime

/// The venue's own way to the engine: its commands from the control thread, and the reports of session 0 back.
///
/// Each ring has one writer and one reader, the control thread and the engine. Behind the reports of each command comes a
/// report of kind `none` with the command's client sequence, the control thread's number of it, and its sequence: it was
/// carried out; with sequence 0: the journal takes nothing now and it was not.
struct VenueLink {
    let commands: SPSCRing<Command>
    let reports: SPSCRing<ExecutionReport>

    init() {
        commands = SPSCRing(capacity: Limits.venueCommandRingCapacity)
        reports = SPSCRing(capacity: Limits.venueReportRingCapacity)
    }

    func deallocate() {
        commands.deallocate()
        reports.deallocate()
    }
}
