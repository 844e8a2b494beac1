/// When a report may leave the node. Raw values are part of the order-entry protocol.
@frozen public enum AcknowledgementMode: UInt8, CaseIterable, Sendable {
    /// As soon as its command was applied.
    case matched = 0
    /// When its command is durable in the journal.
    case journaled = 1
    /// When a standby has it too.
    case replicated = 2
}
