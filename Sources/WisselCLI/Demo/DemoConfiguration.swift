import Node
import Wire

/// The demonstration's node: the example configuration with a journal of its own and a second door for the feed.
enum DemoConfiguration {
    /// The flood is played twice, with and without priority, as two feeds, so that each is counted from its beginning.
    static func make(journal: String, acknowledgement: String) throws -> NodeConfiguration {
        let yaml = NodeConfiguration.example
            .replacing("acknowledgement: journaled ", with: "acknowledgement: \(acknowledgement) ")
            .replacing("directory: wissel-journal", with: "directory: \(journal)")
        var configuration = try NodeConfiguration(yaml: yaml, file: "demonstration")
        var second = configuration.feeds[0]
        second.name += " again"
        second.port += 1
        configuration.feeds.append(second)
        return configuration
    }
}
