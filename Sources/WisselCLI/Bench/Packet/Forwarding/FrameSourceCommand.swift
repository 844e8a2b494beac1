import ArgumentParser
import Ethdev
import Foundation
import NetStack
import Wire

/// `wissel bench source`: the process at the other end of the packet benchmark's memif connections. Started by
/// `FrameSource`, not by people.
///
/// It says `ready` when both connections can be made, reads the MAC address its frames shall be for, as a number, and
/// sends until its input ends.
struct FrameSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Send a node's own frames over memif, for wissel bench packet.",
        shouldDisplay: false)

    /// Connections served: the loop that is measured, and its peer's.
    static let connections: ClosedRange<UInt32> = 0...1

    @Option var socket: String
    @Option var bytes: Int
    @Option var cpu: Int
    @Option(help: "Ordinary memory; huge pages without.") var megabytes: Int?

    func run() throws {
        try failing {
            try EAL.start(
                EALOptions(
                    hugePages: megabytes.map { .none(megabytes: $0) } ?? .inMemory, filePrefix: "wissel_source",
                    extraArguments: PacketBenchmark.logArguments))
            let ports = try Self.connections.map {
                try EthdevPort(.memif(.server, socketPath: socket, id: $0), configuration: PacketBenchmark.port)
            }
            defer { for port in ports { port.close() } }
            for port in ports { try port.start() }
            print("ready")
            guard let macAddress = readLine().flatMap({ UInt64($0) }) else { return }
            let headers = try OrderFrames.headers(macAddress: macAddress)
            let (devices, bytes, stop) = (ports.map { $0.devices[0] }, bytes, StopFlag())
            let thread = PinnedThread(cpu: cpu) { Self.send(headers, bytes: bytes, to: devices, until: stop) }
            while readLine() != nil {}
            stop.raise()
            try thread.result()
        }
    }

    /// As many frames as each device takes, in full bursts; what comes back is taken and forgotten.
    private static func send(
        _ headers: UDPTemplate, bytes: Int, to devices: [PacketDevice], until stop: StopFlag
    ) {
        let burst = ForwardingLoop.burst
        let packets = UnsafeMutablePointer<Packet>.allocate(capacity: burst)
        defer { packets.deallocate() }
        let template = UnsafeMutableRawPointer.allocate(byteCount: Packet.Layout.byteCount, alignment: 64)
        let frame = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        defer {
            template.deallocate()
            frame.deallocate()
        }
        OrderFrames.write(headers, to: Packet(header: template, bytes: frame, capacity: bytes), bytes: bytes)
        while !stop.isRaised {
            for device in devices {
                let returned = device.receive(into: packets, count: burst)
                if returned > 0 { device.free(packets, count: returned) }
                guard device.allocate(into: packets, count: burst) == burst else { continue }
                for index in 0..<burst {
                    packets[index].bytes.copyMemory(from: frame, byteCount: bytes)
                    packets[index].length = UInt32(bytes)
                }
                let sent = device.transmit(packets, count: burst)
                if sent < burst { device.free(packets + sent, count: burst - sent) }
            }
        }
    }
}
