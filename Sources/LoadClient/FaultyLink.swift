/// A connected socket with a bad link in both directions, and the counts of what went over it. One thread.
struct FaultyLink: ~Copyable {
    /// Longest datagram received whole: the node fills its MTU, which is 9,600 bytes at most.
    static let datagramByteCapacity = 9_600

    private let socket: UDPSocket
    private var sending: LinkFaults
    private var receiving: LinkFaults
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: datagramByteCapacity, alignment: 16)
    private(set) var datagramsSent: UInt64 = 0
    private(set) var datagramsReceived: UInt64 = 0
    private(set) var datagramsNotTaken: UInt64 = 0
    /// Whether the node's system said that nothing listens at its port, and no datagram has come since.
    private(set) var isRefused = false

    init(_ options: LoadOptions) throws(SocketError) {
        socket = try UDPSocket(local: options.local, remote: options.node)
        sending = LinkFaults(options.sendFaults, seed: options.seed ^ 0x5345_4E44)
        receiving = LinkFaults(options.receiveFaults, seed: options.seed ^ 0x5245_4356)
    }

    deinit { buffer.deallocate() }

    var sendFaults: LinkFaultCounts { sending.counts }
    var receiveFaults: LinkFaultCounts { receiving.counts }

    mutating func send(_ bytes: UnsafeRawBufferPointer, now: UInt64) throws(SocketError) {
        sending.put(bytes, now: now)
        try flush(now: now)
    }

    /// Sends what was held back long enough.
    mutating func flush(now: UInt64) throws(SocketError) {
        while let bytes = sending.take(now: now) {
            switch try socket.send(bytes) {
            case .sent: datagramsSent += 1
            case .full: datagramsNotTaken += 1
            case .refused:
                datagramsNotTaken += 1
                isRefused = true
            }
        }
    }

    /// The next datagram from the node, nil when there is none; valid until the next call.
    mutating func receive(now: UInt64) throws(SocketError) -> UnsafeRawBufferPointer? {
        while true {
            if let bytes = receiving.take(now: now) { return bytes }
            switch try socket.receive(into: buffer) {
            case .datagram(let byteCount):
                datagramsReceived += 1
                isRefused = false
                receiving.put(UnsafeRawBufferPointer(rebasing: buffer[0..<byteCount]), now: now)
            case .refused: isRefused = true
            case .empty: return nil
            }
        }
    }

    /// Sleeps until a datagram comes, for a millisecond at most.
    func wait(nanoseconds: UInt64) throws(SocketError) { _ = try socket.wait(timeoutNanoseconds: nanoseconds) }
}
