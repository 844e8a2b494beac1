/// Which way a captured frame went; the values of pcapng's `epb_flags`, lowest two bits.
public enum CaptureDirection: UInt32, Sendable, Codable {
    case inbound = 1
    case outbound = 2
}

/// What a pcapng file says about an interface.
public struct CaptureInterface: Sendable, Equatable, Codable {
    public var name: String
    /// What it is, such as the driver's name; empty: not said.
    public var description = ""
    /// Low 48 bits, first octet in bits 47…40; 0: not said.
    public var macAddress: UInt64 = 0
    /// Host byte order; 0: not said.
    public var address: UInt32 = 0
    public var netmask: UInt32 = 0
    /// Bits per second; 0: not said.
    public var bitsPerSecond: UInt64 = 0
    /// The filter's text; empty: none.
    public var filter = ""
    /// Bytes kept of a frame at most.
    public var snapLength: UInt32 = 0

    public init(name: String) { self.name = name }
}

/// What a capture counted on one interface, as pcapng's interface statistics block has it.
public struct CaptureStatistics: Sendable, Equatable, Codable {
    /// Frames in the directions that were captured.
    public var received: UInt64 = 0
    /// Frames the interface itself lost.
    public var interfaceDropped: UInt64 = 0
    public var filterAccepted: UInt64 = 0
    /// Frames the filter accepted and the capture lost, because it was written away too slowly.
    public var captureDropped: UInt64 = 0
    /// Frames in the file.
    public var delivered: UInt64 = 0

    public init() {}
}
