import CDPDK

/// How a port spreads received frames over its queues (receive-side scaling, RSS).
///
/// With a symmetric key both directions of a flow meet in one queue, whatever end a frame comes from.
public enum ReceiveScaling: Equatable, Sendable, CustomStringConvertible {
    /// Not started yet.
    case unknown
    case oneQueue
    /// By a Toeplitz hash with the symmetric key, which the device confirms.
    case symmetric
    /// As above, but the device does not tell which key it uses.
    case unconfirmed
    /// By hash, with the device's own key; why.
    case ownKey(String)
    /// Not by the device; who chooses the queue instead.
    case elsewhere(String)

    public var description: String {
        switch self {
        case .unknown: "not started"
        case .oneQueue: "one queue, nothing to spread"
        case .symmetric: "RSS, symmetric key"
        case .unconfirmed: "RSS, symmetric key asked for, not told back"
        case .ownKey(let reason): "RSS with a key of the device's own: \(reason)"
        case .elsewhere(let who): "no RSS: \(who)"
        }
    }

    /// Asks for the key 6D5A repeated: with a Toeplitz hash, exchanging source and destination gives the same value
    /// (Woo and Park, "Scalable TCP Session Monitoring with Symmetric Receive-side Scaling", 2012).
    static func requestSymmetricKey(_ request: inout cdpdk_port_request, bytes: Int) {
        guard request.receive_side_scaling, bytes > 0, bytes <= CDPDK_HASH_KEY_BYTES else { return }
        request.hash_key_bytes = UInt8(bytes)
        withUnsafeMutableBytes(of: &request.hash_key) { key in
            for index in 0..<bytes { key[index] = symmetricOctet(index) }
        }
    }

    private static func symmetricOctet(_ index: Int) -> UInt8 { index.isMultiple(of: 2) ? 0x6D : 0x5A }

    /// What a started port really does.
    init(of port: EthdevPort) {
        guard port.configuration.queuePairs > 1 else {
            self = .oneQueue
            return
        }
        if let chooser = port.specification.queueChooser {
            self = .elsewhere(chooser)
            return
        }
        guard port.capabilities.scalesReceiveSide else {
            self = .elsewhere("the driver does not offer it, and frames come to queues as the device likes")
            return
        }
        guard port.capabilities.hashKeyBytes > 0 else {
            self = .ownKey("it takes none")
            return
        }
        guard port.capabilities.hashKeyBytes <= CDPDK_HASH_KEY_BYTES else {
            self = .ownKey("its key of \(port.capabilities.hashKeyBytes) bytes is longer than ours")
            return
        }
        var key = [UInt8](repeating: 0, count: Int(CDPDK_HASH_KEY_BYTES))
        var length: UInt8 = 0
        guard cdpdk_port_hash_key(port.portID, &key, UInt8(key.count), &length) == 0, length > 0 else {
            self = .unconfirmed
            return
        }
        let isOurs = (0..<Int(length)).allSatisfy { key[$0] == Self.symmetricOctet($0) }
        self = isOurs ? .symmetric : .ownKey("it did not take ours")
    }
}

extension DeviceSpecification {
    /// For devices of software, which have no hash of their own: who puts a frame into which queue.
    var queueChooser: String? {
        switch self {
        case .pci: nil
        case .tap: "the kernel chooses by its flow hash and follows the queue a flow is answered on"
        case .afPacket: "the kernel chooses by its fanout hash"
        case .afXDP: "the interface below chooses"
        case .memif: "the other process chooses"
        case .ring: "whoever sends chooses"
        case .null, .pcap: "every queue has its own frames"
        }
    }
}
