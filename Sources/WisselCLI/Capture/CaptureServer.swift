import Ethdev
import Foundation
import NetStack
import Runtime
import Synchronization

/// The node's side of `wissel capture`: one thread that listens, runs at most one capture, and hands its frames to the
/// client over a socket. Between frames it answers `wissel market`.
///
/// Nothing here can hold up a polling core: when the client is slow the capture's rings fill and frames are counted as
/// lost to the capture; when it is gone the capture ends. Files are written by the client, so a full disk is its matter.
final class CaptureServer: @unchecked Sendable {
    /// A port with its description for the file.
    struct Interface {
        var port: EthdevPort
        var description: CaptureInterface
    }

    /// Bytes waiting for the client before the rings are left to fill.
    private static let outputLimit = 1 << 20
    /// Frames taken from the rings between two looks at the sockets.
    private static let framesPerRound = 1_024
    /// Clients that have connected and not yet said what they want.
    private static let waitingLimit = 8
    private static let patienceNanoseconds: UInt64 = 5_000_000_000

    let path: String
    private let listener: Int32
    private let interfaces: [Interface]
    private let comment: String
    private let clock: Clock
    private let everySecond: @Sendable () -> Void
    private let market: MarketDesk
    private let stopRequested = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    // The thread's own.
    private var waiting: [(descriptor: Int32, line: [UInt8], since: UInt64)] = []
    private var capture: RunningCapture?

    /// Listens at `path` and starts the thread.
    /// - Parameters:
    ///   - comment: what a file of this node says about it.
    ///   - market: asked on the thread only.
    ///   - everySecond: runs on the thread about once a second.
    init(
        path: String, interfaces: [Interface], comment: String, clock: Clock, market: MarketDesk,
        everySecond: @escaping @Sendable () -> Void
    ) throws {
        self.path = path
        self.interfaces = interfaces
        self.comment = comment
        self.clock = clock
        self.everySecond = everySecond
        self.market = market
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        unlink(path)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let bound = ControlSocket.withAddress(path) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, chmod(path, 0o600) == 0, listen(listener, 4) == 0
        else {
            let reason = bound == nil ? "the path is too long" : errorText(errno)
            if listener >= 0 { close(listener) }
            throw CaptureFailure(description: "cannot listen at \(path): \(reason)")
        }
        let thread = Thread { [self] in
            loop()
            ended.signal()
        }
        thread.name = "wissel-control"
        thread.start()
    }

    /// Ends a capture under way, tells its client, and ends the thread. Before the node's cores stop, whose help a capture
    /// needs to end at once.
    func stop() {
        guard !stopRequested.exchange(true, ordering: .acquiringAndReleasing) else { return }
        ended.wait()
        close(listener)
        unlink(path)
    }

    // MARK: The thread

    private func loop() {
        var lastSecond = clock.now()
        while !stopRequested.load(ordering: .acquiring) {
            waitForWork()
            acceptClients()
            readRequests()
            advanceCapture()
            market.idle()
            let now = clock.now()
            if now &- lastSecond >= 1_000_000_000 {
                lastSecond = now
                everySecond()
            }
        }
        capture?.end(reason: "the node stopped")
        for client in waiting { close(client.descriptor) }
    }

    /// Waits until something can be done: at most a fifth of a second, a millisecond while frames may come.
    private func waitForWork() {
        var list = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        list += waiting.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var milliseconds: Int32 = 200
        if let capture {
            let isBlocked = capture.isBlocked
            let events = isBlocked ? POLLIN | POLLOUT : POLLIN
            list.append(pollfd(fd: capture.descriptor, events: Int16(events), revents: 0))
            milliseconds = isBlocked ? 100 : (capture.isBusy ? 0 : 1)
        }
        _ = poll(&list, nfds_t(list.count), milliseconds)
    }

    private func acceptClients() {
        var one = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        guard poll(&one, 1, 0) == 1 else { return }
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        guard waiting.count < Self.waitingLimit, fcntl(client, F_SETFL, O_NONBLOCK) == 0 else {
            close(client)
            return
        }
        waiting.append((client, [], clock.now()))
    }

    /// Collects what clients ask for; who says nothing for five seconds is let go.
    private func readRequests() {
        let now = clock.now()
        var chunk = [UInt8](repeating: 0, count: 16_384)
        for index in waiting.indices.reversed() {
            let client = waiting[index].descriptor
            let count = read(client, &chunk, chunk.count)
            if count > 0 { waiting[index].line += chunk[..<count] }
            let isOver = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
            let isTooMuch = waiting[index].line.count > CaptureProtocol.longestStart
            if let end = waiting[index].line.firstIndex(of: 0x0A) {
                let line = Data(waiting[index].line[..<end])
                waiting.remove(at: index)
                begin(client, line)
            } else if isOver || isTooMuch || now &- waiting[index].since > Self.patienceNanoseconds {
                waiting.remove(at: index)
                close(client)
            }
        }
    }

    private func begin(_ client: Int32, _ line: Data) {
        if let request = try? JSONDecoder().decode(MarketProtocol.Request.self, from: line) {
            MarketClient.reply(market.answer(request), to: client)
            return
        }
        var reply = CaptureProtocol.Reply()
        do {
            guard capture == nil else {
                throw CaptureFailure(description: "another capture runs; the node serves one at a time")
            }
            guard let start = try? JSONDecoder().decode(CaptureProtocol.Start.self, from: line),
                start.build == CaptureProtocol.build
            else {
                throw CaptureFailure(
                    description: "the node runs another version of wissel: use the program it was started from")
            }
            let chosen = try choose(start.interfaces)
            let session = try CaptureSession(ports: chosen.map(\.port), request: start.request, clock: clock)
            reply.interfaces = chosen.map { interface in
                var description = interface.description
                description.snapLength = UInt32(start.request.snapLength)
                description.filter = start.request.filter?.expression ?? ""
                return description
            }
            reply.comment = comment
            reply.startNanoseconds = clock.now()
            capture = RunningCapture(
                session: session, ports: chosen.map(\.port), clock: clock, descriptor: client,
                outputLimit: Self.outputLimit)
        } catch {
            reply.refusal = "\(error)"
        }
        if let capture, reply.refusal == nil {
            capture.send(.reply, reply)
        } else {
            RunningCapture.refuse(client, reply)
        }
    }

    private func choose(_ names: [String]) throws -> [Interface] {
        if names.isEmpty { return interfaces }
        return try names.map { name in
            let match = interfaces.enumerated().first { index, interface in
                let own = interface.description.name
                return own == name || own.hasSuffix(":" + name) || String(index) == name
            }
            guard let match else {
                let known = interfaces.map(\.description.name).joined(separator: ", ")
                throw CaptureFailure(description: "the node has no interface \"\(name)\"; it has \(known)")
            }
            return match.element
        }
    }

    private func advanceCapture() {
        guard let running = capture else { return }
        if !running.advance(framesPerRound: Self.framesPerRound) {
            running.end(reason: nil)
            capture = nil
        }
    }
}

struct CaptureFailure: Error, CustomStringConvertible { var description: String }
