import OrderEntry
import Runtime

/// The session over its socket: moves datagrams both ways. One thread.
struct LoadConnection: ~Copyable {
    private static let leaveNanoseconds: UInt64 = 500_000_000

    private let options: LoadOptions
    let clock: Clock
    private(set) var link: FaultyLink
    var session: ClientSession
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ClientSession.maximumDatagramLength, alignment: 16)

    init(_ options: LoadOptions, clock: Clock) throws(LoadError) {
        self.options = options
        self.clock = clock
        do {
            link = try FaultyLink(options)
        } catch {
            throw .socket(error)
        }
        // The time of the start as the version: greater for every new start.
        session = ClientSession(
            ClientSessionConfiguration(
                session: options.session, participant: options.participant,
                accessKey: EstablishRequest.InlineKey(options.accessKey), sessionVersion: clock.now(),
                heartbeatNanoseconds: options.heartbeatNanoseconds, cancelsOnDisconnect: options.cancelsOnDisconnect))
    }

    deinit { buffer.deallocate() }

    mutating func establish(isStopRequested: () -> Bool) throws(LoadError) {
        let start = clock.now()
        session.establish(now: start)
        while session.state == .establishing {
            try exchange()
            let waited = clock.now() &- start
            if waited >= options.establishTimeoutNanoseconds || isStopRequested() {
                throw .noAnswer(
                    node: options.node, session: options.session, waitedNanoseconds: waited,
                    isRefused: link.isRefused)
            }
        }
        try checkSession(answered: 0, sent: 0)
    }

    /// Sends what the session has to say now.
    mutating func transmit() throws(LoadError) {
        do {
            session.poll(now: clock.now())
            while let length = session.takeDatagram(into: buffer) {
                try link.send(UnsafeRawBufferPointer(rebasing: buffer[0..<length]), now: clock.now())
            }
            try link.flush(now: clock.now())
        } catch {
            throw .socket(error)
        }
    }

    /// Gives the session the next datagram that has come.
    /// - Returns: the time of its reception, nil when there is none.
    mutating func receive() throws(LoadError) -> UInt64? {
        do {
            guard let datagram = try link.receive(now: clock.now()) else { return nil }
            let now = clock.now()
            session.receive(datagram, now: now)
            return now
        } catch {
            throw .socket(error)
        }
    }

    /// One round without traffic: sends, takes one datagram, or sleeps for a millisecond at most.
    private mutating func exchange() throws(LoadError) {
        try transmit()
        if try receive() == nil { try wait() }
    }

    /// Throws when the session is over.
    func checkSession(answered: UInt64, sent: UInt64) throws(LoadError) {
        switch session.state {
        case .ended(let reason):
            throw .sessionEnded(session: options.session, reason: "\(reason)", answered: answered, sent: sent)
        case .failed(let failure):
            throw .sessionEnded(
                session: options.session, reason: failure.description, answered: answered, sent: sent)
        case .idle, .establishing, .established, .lost, .terminating: break
        }
    }

    /// Takes leave; a node that does not answer is left all the same.
    mutating func terminate() throws(LoadError) {
        let start = clock.now()
        session.terminate(now: start)
        while session.state == .terminating, clock.now() &- start < Self.leaveNanoseconds {
            try exchange()
        }
    }

    func wait(nanoseconds: UInt64 = 1_000_000) throws(LoadError) {
        do {
            try link.wait(nanoseconds: nanoseconds)
        } catch {
            throw .socket(error)
        }
    }
}
