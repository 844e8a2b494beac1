import Wire

/// One line of the access list. What it does not name it does not ask for; the first rule that matches decides.
public struct AccessRule: Hashable, Sendable {
    public enum Action: String, CaseIterable, Sendable { case allow, deny }

    /// What an IPv4 packet carries; TCP joins when the node speaks it.
    public enum Transport: String, CaseIterable, Sendable { case any, udp, icmp }

    public var action: Action
    public var source: IPv4Prefix
    public var destination: IPv4Prefix
    public var transport: Transport
    /// A rule that names ports matches no packet without ports.
    public var sourcePorts: ClosedRange<UInt16>
    public var destinationPorts: ClosedRange<UInt16>

    public static let anywhere = IPv4Prefix(containing: .any, length: 0)!
    public static let anyPort: ClosedRange<UInt16> = 0...UInt16.max

    public init(
        _ action: Action, source: IPv4Prefix = anywhere, destination: IPv4Prefix = anywhere,
        transport: Transport = .any, sourcePorts: ClosedRange<UInt16> = anyPort,
        destinationPorts: ClosedRange<UInt16> = anyPort
    ) {
        self.action = action
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePorts = sourcePorts
        self.destinationPorts = destinationPorts
    }

    var namesPorts: Bool { sourcePorts != Self.anyPort || destinationPorts != Self.anyPort }
}

extension AccessRule: CustomStringConvertible {
    public var description: String {
        var words = [action.rawValue]
        if transport != .any { words.append(transport.rawValue) }
        if source != Self.anywhere { words.append("from \(source)") }
        if sourcePorts != Self.anyPort { words.append("ports \(Self.text(sourcePorts))") }
        if destination != Self.anywhere { words.append("to \(destination)") }
        if destinationPorts != Self.anyPort { words.append("to ports \(Self.text(destinationPorts))") }
        return words.joined(separator: " ")
    }

    private static func text(_ ports: ClosedRange<UInt16>) -> String {
        ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
    }
}
