import Orders

extension ClientSession {
    /// Does what time asks for: retries, heartbeats, and giving up on a silent node.
    public mutating func poll(now: UInt64) {
        clockNanoseconds = now
        switch phase {
        case .idle, .ended:
            return
        case .establishing:
            guard elapsed(since: lastAttemptNanoseconds) >= options.establishRetryNanoseconds else { return }
            guard attempts < options.establishAttempts else {
                return end(misfit == 0 ? .notAnswered : .sequenceMismatch(expected: misfit))
            }
            attempt(.establish)
        case .terminating:
            if isServerSilent { return end(.serverSilent) }
            if elapsed(since: lastAttemptNanoseconds) >= options.establishRetryNanoseconds { attempt(.terminate) }
        case .established:
            if isServerSilent { return end(.serverSilent) }
            if elapsed(since: lastSentNanoseconds) >= heartbeatNanoseconds { pending.insert(.heartbeat) }
            let isInFlight = commands.oldest < commands.cursor
            if isInFlight, elapsed(since: waitingSinceNanoseconds) >= options.resendTimeoutNanoseconds {
                // The oldest alone, and a heartbeat that names the end: the node answers it from its state or applies
                // it, and says at once what else is missing.
                waitingSinceNanoseconds = now
                pending.formUnion([.oldestCommand, .heartbeat])
            }
            askForMissingReports()
        }
    }

    private var isServerSilent: Bool {
        elapsed(since: lastHeardNanoseconds) > heartbeatNanoseconds &* Self.silentIntervals
    }

    /// Writes the next datagram to be sent; nil when there is none. Call it until nil.
    ///
    /// Several messages share a datagram, up to `ClientOptions.maximumDatagramLength` bytes.
    /// - Parameter buffer: room for at least `MessageHeader.maximumMessageLength` bytes, 16-byte aligned or not.
    /// - Returns: bytes written.
    public mutating func takeDatagram(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        precondition(
            buffer.count >= MessageHeader.maximumMessageLength,
            "the buffer holds \(buffer.count) bytes, a message takes up to \(MessageHeader.maximumMessageLength)")
        let limit = min(buffer.count, options.maximumDatagramLength)
        guard let base = buffer.baseAddress else { return nil }
        var length = put(.establish, base, 0, limit)
        length = put(.retransmitRequest, base, length, limit)
        length = put(.oldestCommand, base, length, limit)
        if phase == .established, clockNanoseconds >= pausedUntilNanoseconds {
            length = putCommands(base, length, limit)
        }
        // Behind the commands: it names the sequence that comes after them.
        length = put(.heartbeat, base, length, limit)
        length = put(.terminate, base, length, limit)
        guard length > 0 else { return nil }
        lastSentNanoseconds = clockNanoseconds
        return length
    }

    private mutating func putCommands(_ base: UnsafeMutableRawPointer, _ start: Int, _ limit: Int) -> Int {
        var length = start
        while let command = commands.current, length + MessageType.longestCommand <= limit {
            if commands.cursor == commands.oldest { waitingSinceNanoseconds = clockNanoseconds }
            length += OrderMessage.encode(command, into: base + length)
            if commands.advance() {
                statistics.commandsSent &+= 1
            } else {
                statistics.commandsResent &+= 1
            }
        }
        return length
    }

    /// Writes one pending small message at `length` if there is room; returns the length after it.
    private mutating func put(
        _ message: Pending, _ base: UnsafeMutableRawPointer, _ length: Int, _ limit: Int
    ) -> Int {
        guard pending.contains(message), length + MessageType.establish.length <= limit else { return length }
        pending.remove(message)
        let bytes = base + length
        switch message {
        case .establish:
            return length
                + EstablishRequest(
                    session: options.session, participant: options.participant,
                    cancelsOnDisconnect: options.cancelsOnDisconnect,
                    heartbeatMilliseconds: options.heartbeatMilliseconds, sessionVersion: options.sessionVersion,
                    nextReportSequence: isPositioned ? reports.missing : options.nextReportSequence ?? 1,
                    accessKey: options.accessKey
                ).encode(into: bytes)
        case .retransmitRequest:
            guard let gap = reports.gap(limit: ClientOptions.retransmitBatch) else { return length }
            statistics.retransmitRequests &+= 1
            return length
                + SessionMessage.encodeRetransmitRequest(
                    session: options.session, from: gap.from, count: gap.count, into: bytes)
        case .oldestCommand:
            guard commands.oldest < commands.cursor, let command = commands.oldestCommand else { return length }
            statistics.commandsResent &+= 1
            return length + OrderMessage.encode(command, into: bytes)
        case .heartbeat:
            return length
                + SessionMessage.encodeHeartbeat(
                    session: options.session, nextSequence: commands.cursor, into: bytes)
        case .terminate:
            return length + SessionMessage.encodeTerminate(session: options.session, reason: .finished, into: bytes)
        default:
            return length
        }
    }
}

extension MessageType {
    /// Bytes of the longest command a client sends.
    static var longestCommand: Int { MessageType.replace.length }
}
