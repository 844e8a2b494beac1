import ArgumentParser
import CPlatform

/// The one program: `wissel COMMAND`.
@main
struct Wissel: ParsableCommand {
    static func main() {
        cplatform_line_buffer_output()
        main(nil)
    }

    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wissel",
        abstract: "A kernel-bypass trading node: from the wire to the book, the journal and back.",
        discussion: """
            Start with `wissel demo`: it needs nothing but this machine. Every command explains itself with --help and \
            leaves with 0 when all went well, 1 when something failed, 64 for wrong arguments, 78 for a wrong \
            configuration, or a machine that is not as it needs it.
            """,
        version: version,
        subcommands: [
            RunCommand.self, DemoCommand.self, DoctorCommand.self, PlanCommand.self, TuneCommand.self,
            PlacementCommand.self, LoadCommand.self, FloodCommand.self, ReplayCommand.self, CaptureCommand.self,
            MarketCommand.self, RiskCommand.self, BenchCommand.self,
        ])
}
