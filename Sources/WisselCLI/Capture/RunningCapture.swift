import Ethdev
import Foundation
import NetStack
import Runtime

/// A capture with its client: frames go from the rings into the socket as fast as the client takes them. One thread.
final class RunningCapture {
    let descriptor: Int32
    private let session: CaptureSession
    private let ports: [EthdevPort]
    private let clock: Clock
    private let outputLimit: Int
    /// What the ports had lost when the capture began, by interface.
    private let lostBefore: [UInt64]
    private var delivered: [UInt64]
    private var output: [UInt8] = []
    private var outputStart = 0
    private var isGone = false
    /// The last round brought frames.
    private(set) var isBusy = false

    init(session: CaptureSession, ports: [EthdevPort], clock: Clock, descriptor: Int32, outputLimit: Int) {
        self.session = session
        self.ports = ports
        self.clock = clock
        self.descriptor = descriptor
        self.outputLimit = outputLimit
        lostBefore = ports.map(Self.lost)
        delivered = [UInt64](repeating: 0, count: ports.count)
    }

    /// The client has not taken what there is.
    var isBlocked: Bool { output.count - outputStart > 0 }

    func send(_ kind: CaptureProtocol.Kind, _ body: some Encodable) {
        // Encoding our own records of numbers and texts cannot fail.
        do { try CaptureProtocol.append(kind, body, to: &output) } catch { isGone = true }
        flush()
    }

    /// Moves some frames on; false when the client has closed its end or is gone.
    func advance(framesPerRound: Int) -> Bool {
        if isGone || clientHasClosed() { return false }
        flush()
        isBusy = false
        if output.count - outputStart < outputLimit {
            isBusy = session.drain(limit: framesPerRound, take) > 0
            flush()
        }
        return !isGone
    }

    /// Ends the capture, hands over what is left with the counts, and closes the connection.
    func end(reason: String?) {
        let isWhole = session.stop { frame in if !isGone { take(frame) } }
        if !isGone {
            let counts = session.counts
            let statistics = ports.indices.map { index in
                var statistics = CaptureStatistics()
                statistics.received = counts[index].seen
                statistics.filterAccepted = counts[index].accepted
                statistics.captureDropped = counts[index].dropped
                statistics.interfaceDropped = Self.lost(ports[index]) &- lostBefore[index]
                statistics.delivered = delivered[index]
                return statistics
            }
            let note = isWhole ? reason : "a polling thread did not answer; its memory is kept"
            send(
                .end, CaptureProtocol.End(reason: note, statistics: statistics, endNanoseconds: clock.now()))
            // What is left: the client reads it at its own pace, for a while.
            let deadline = clock.now() &+ 5_000_000_000
            while isBlocked, !isGone, clock.now() < deadline {
                var one = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
                _ = poll(&one, 1, 100)
                flush()
            }
        }
        close(descriptor)
    }

    /// Tells a client why there is no capture, and closes the connection.
    static func refuse(_ descriptor: Int32, _ reply: CaptureProtocol.Reply) {
        var output: [UInt8] = []
        if (try? CaptureProtocol.append(.reply, reply, to: &output)) != nil {
            _ = Glibc.send(descriptor, output, output.count, Int32(MSG_NOSIGNAL))
        }
        close(descriptor)
    }

    private func take(_ frame: CapturedFrame) {
        CaptureProtocol.append(frame, to: &output)
        delivered[frame.port] &+= 1
    }

    /// The client says nothing more after its start; the end of its stream means stop.
    private func clientHasClosed() -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
    }

    private func flush() {
        while outputStart < output.count, !isGone {
            let sent = output.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress! + outputStart, bytes.count - outputStart,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if sent > 0 {
                outputStart += sent
            } else if errno == EAGAIN {
                if outputStart > outputLimit {
                    output.removeSubrange(..<outputStart)
                    outputStart = 0
                }
                return
            } else if errno != EINTR {
                isGone = true
            }
        }
        output.removeAll(keepingCapacity: true)
        outputStart = 0
    }

    private static func lost(_ port: EthdevPort) -> UInt64 {
        guard let statistics = port.statistics() else { return 0 }
        return statistics.missedPackets &+ statistics.bufferShortages &+ statistics.receiveErrors
    }
}
