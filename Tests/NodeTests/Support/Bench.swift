import Foundation
import LoadClient
import NetStack
import Node
import OrderEntry
import Orders
import Runtime
import TestSupport
import Wire

/// A whole node on an in-process device, polled on the test's own thread, with a wire to a client's interface.
///
/// Real frames go in and come out; only the cable is missing. Time is the test's, except that the disk is real: a round
/// without work sleeps a moment so that writes can finish.
final class Bench {
    static let clientMAC = MACAddress(rawValue: 0x02_00_00_00_00_11)
    static let clientAddress = IPv4Address(198, 18, 0, 1)
    static let nodeAddress = IPv4Address(198, 18, 0, 2)
    static let nodeMAC = MACAddress(rawValue: 0x02_00_00_00_00_22)

    /// The stages of a node with one queue.
    static let stages = ["network0", "engine", "marketData", "journal"]

    /// One per queue of the node's interface.
    let devices: [LoopbackDevice]
    var device: LoopbackDevice { devices[0] }
    /// The queue the client's datagrams come in by.
    var queue = 0
    /// Frames that left by each queue.
    private(set) var answers: [Int]
    /// Whether the market-data stage's core hangs.
    var marketDataStalls = false
    /// The shard whose core hangs.
    var stalledShard: Int?
    let node: TradingNode
    let configuration: NodeConfiguration
    /// Where the journal is.
    private let folder: TemporaryFolder
    private(set) var now: UInt64 = 1_800_000_000_000_000_000
    /// What the node's polls have asked of the heap and of reference counting.
    private(set) var polled = Counts()
    private let parser: FrameParser
    private let header = UnsafeMutableRawPointer.allocate(byteCount: Packet.Layout.byteCount, alignment: 64)
    private let interface: InterfaceConfiguration

    /// - Parameters:
    ///   - folder: where the journal is; nil: one of its own.
    ///   - loopback: given to the bench, which gives it back; one of `bufferCount` buffers unless told.
    ///   - observed: `loopback` as the node shall see it, when that is not as it is.
    init(
        folder: TemporaryFolder? = nil, bufferCount: Int = 16_384, queueCapacity: Int? = nil, queues: Int = 1,
        vlan: UInt16 = 0, mtu: Int = 1_500, loopback: LoopbackDevice? = nil, observed: PacketDevice? = nil,
        change: (inout NodeConfiguration) -> Void = { _ in }
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        devices = (0..<queues).map { _ in
            loopback
                ?? LoopbackDevice(
                    bufferCount: bufferCount, bufferCapacity: max(2_048, mtu + 26),
                    queueCapacity: queueCapacity ?? bufferCount, macAddress: Self.nodeMAC, mtu: mtu)
        }
        answers = [Int](repeating: 0, count: queues)
        var configuration = try NodeConfiguration(yaml: NodeConfiguration.example, file: "example")
        configuration.journal.directory = self.folder.path
        configuration.journal.segmentMegabytes = 4
        configuration.interfaces[0].vlan = vlan
        change(&configuration)
        self.configuration = configuration
        var plan = CorePlan.automatic(networkStages: queues)
        if !configuration.cores.plan.isEmpty { plan.cores = configuration.cores.plan }
        node = try TradingNode(
            configuration: configuration, plan: plan,
            queues: devices.map { .init(device: observed ?? $0.device, interface: 0) },
            clock: try Clock.calibrated(durationNanoseconds: 1_000_000))
        clientTag = vlan == 0 ? 0 : 0x8100_0000 | UInt32(vlan)
        interface = try InterfaceConfiguration(
            macAddress: Self.clientMAC, ipAddress: Self.clientAddress, mtu: mtu, vlan: vlan)
        parser = FrameParser(interface)
    }

    deinit {
        interface.deallocate()
        header.deallocate()
        for device in devices { device.deallocate() }
    }

    // MARK: The wire

    /// One round of the node, 10 µs of its time.
    @discardableResult func step() -> Int {
        now &+= 10_000
        return Self.poll(
            node, now: now, marketDataStalls: marketDataStalls, stalledShard: stalledShard, counting: &polled)
    }

    /// Not inlined, so that what the optimiser moves about in the test is not counted for the node.
    @inline(never) private static func poll(
        _ node: TradingNode, now: UInt64, marketDataStalls: Bool, stalledShard: Int?, counting counts: inout Counts
    ) -> Int {
        let before = Counts.now()
        let work = node.poll(now: now, marketDataStalls: marketDataStalls, stalledShard: stalledShard)
        counts += Counts.now() - before
        return work
    }

    /// Lets time pass without a round.
    func pass(nanoseconds: UInt64) { now &+= nanoseconds }

    /// Since the bench was made.
    var passedSeconds: UInt64 { (now - 1_800_000_000_000_000_000) / 1_000_000_000 }

    /// Rounds until nothing is left to do, the disk included.
    func settle() {
        var idle = 0
        while idle < 20 {
            if step() > 0 {
                idle = 0
            } else {
                idle += 1
                usleep(100)
            }
        }
    }

    /// Sends a UDP datagram from the client's side.
    @discardableResult func send(
        _ payload: UnsafeRawBufferPointer, to destination: IPv4Address = Bench.nodeAddress, port: UInt16,
        fromPort: UInt16 = 40_000, from source: IPv4Address = Bench.clientAddress
    ) -> Bool {
        let mac = destination.isMulticast ? MACAddress(multicastGroup: destination) : Self.nodeMAC
        let headers = UDPTemplate(
            sourceMAC: Self.clientMAC, destinationMAC: mac, sourceAddress: source, destinationAddress: destination,
            sourcePort: fromPort, destinationPort: port, tag: clientTag)
        var frame = [UInt8](repeating: 0, count: headers.length + payload.count)
        frame.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            if let from = payload.baseAddress {
                (base + headers.length).copyMemory(from: from, byteCount: payload.count)
            }
            _ = headers.writeHeaders(to: base, payloadLength: payload.count)
        }
        return devices[queue].inject(frame)
    }

    @discardableResult func send(_ payload: [UInt8], port: UInt16, from source: IPv4Address = Bench.clientAddress)
        -> Bool
    {
        payload.withUnsafeBytes { send($0, port: port, from: source) }
    }

    /// The next UDP payload the node sent to a port of the client, checked like a real host checks it: lengths,
    /// addresses, both checksums. Other frames come back whole in `others`.
    func receive(port: UInt16 = 40_000) -> [UInt8]? {
        guard !holdsTransmitted else { return nil }
        for queue in devices.indices {
            while let frame = devices[queue].takeTransmitted() {
                answers[queue] += 1
                sort(frame)
            }
        }
        guard let waiting = inbox[port], !waiting.isEmpty else { return nil }
        return inbox[port]?.removeFirst()
    }

    private func sort(_ frame: [UInt8]) {
        var copy = frame
        let datagram: (port: UInt16, payload: [UInt8])? = copy.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            let packet = Packet(header: header, bytes: base, capacity: bytes.count)
            packet.length = UInt32(bytes.count)
            guard case .udp(let headers) = parser.parse(packet) else { return nil }
            let start = Int(packet.payloadOffset)
            return (headers.destinationPort, Array(bytes[start..<start + Int(packet.payloadLength)]))
        }
        if datagram != nil { reports.append(frame) }
        if let datagram { inbox[datagram.port, default: []].append(datagram.payload) } else { others.append(frame) }
    }

    private var inbox: [UInt16: [[UInt8]]] = [:]
    private(set) var others: [[UInt8]] = []
    /// Frames with order-entry messages, as they left.
    private(set) var reports: [[UInt8]] = []
    /// The wire is held up: what the node sends stays in the device.
    var holdsTransmitted = false
    private let clientTag: UInt32

    func forgetFrames() {
        others = []
        reports = []
    }

    /// Takes everything off the wire and stops the node; whether every buffer came back.
    func stopAndCount() throws -> Bool {
        holdsTransmitted = false
        try node.stop()
        while receive() != nil {}
        return devices.allSatisfy { $0.freeBufferCount == $0.bufferCount }
    }
}
