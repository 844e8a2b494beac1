/// An engine's own queue of reports, and where they go.
struct ReportQueue {
    private static let burst = 256

    let handle: UnsafeMutableRawPointer
    private let drain: ReportTransport.Drain
    private let buffer: UnsafeMutablePointer<ReportBuffer>
    private let scratch = UnsafeMutableRawPointer.allocate(
        byteCount: burst * ReportBuffer.reportBytes, alignment: ReportBuffer.reportBytes)

    init(
        handle: UnsafeMutableRawPointer, drain: @escaping ReportTransport.Drain,
        into buffer: UnsafeMutablePointer<ReportBuffer>
    ) {
        self.handle = handle
        self.drain = drain
        self.buffer = buffer
    }

    /// Takes all that is in it.
    func empty() {
        while true {
            let count = drain(handle, scratch, UInt32(Self.burst))
            if count == 0 { return }
            for index in 0..<Int(count) { buffer.pointee.append(scratch + index * ReportBuffer.reportBytes) }
        }
    }
}
