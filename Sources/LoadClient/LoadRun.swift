import OrderEntry
import Runtime

/// One run of the load client: establishes a session over an ordinary kernel socket, sends a seeded flow, checks every
/// report, takes leave.
///
/// Everything happens on the thread that calls `run`. A run never hangs: establishing and waiting without progress are
/// bounded by the options, taking leave by half a second.
public struct LoadRun: Sendable {
    private let options: LoadOptions
    private let clock: Clock

    /// Checks the options and calibrates the clock (50 ms).
    public init(options: LoadOptions) throws(LoadError) {
        if let problem = options.problem { throw .option(problem) }
        self.options = options
        do {
            clock = try Clock.calibrated()
        } catch {
            throw .clock(error.description)
        }
    }

    /// Runs to the end.
    /// - Parameters:
    ///   - isStopRequested: asked now and then; once true, sending ends and what is out is waited for as usual.
    ///   - progress: called about ten times a second while commands go out and answers come in.
    /// - Returns: what was sent and what came of it; broken promises of the node are in it, not thrown.
    /// - Throws: `LoadError` when the run could not start, or the session ended before the run did.
    public func run(
        isStopRequested: () -> Bool = { false }, progress: (LoadProgress) -> Void = { _ in }
    ) throws(LoadError) -> LoadReport {
        var connection = try LoadConnection(options, clock: clock)
        try connection.establish(isStopRequested: isStopRequested)
        var traffic = LoadTraffic(options, session: connection.session, now: clock.now())
        try traffic.send(over: &connection, isStopRequested: isStopRequested, progress: progress)
        try traffic.drain(over: &connection, progress: progress)
        try connection.terminate()
        return traffic.report(of: connection)
    }
}
