import CPlatform
import Glibc
import Orders
import Runtime

extension JournalWriter {
    /// Opens a directory for writing: takes its lock, reads what it holds, cuts off what a crash left unfinished, and
    /// begins a new segment behind it. Blocks for as long as reading the journal takes.
    /// - Parameters:
    ///   - input: the ring of sequenced commands; this stage is its consumer. Owned by the caller.
    /// - Throws: `JournalError`; nothing that had been durable is changed.
    public init(configuration: JournalConfiguration, input: SPSCRing<Command>) throws(JournalError) {
        try configuration.validate()
        let path = configuration.directory
        var handles = Handles()
        handles.directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if handles.directory < 0 { throw .of("opening", path, code: errno) }
        handles.lock = try Self.lock(path)

        var reader = try JournalReader(directory: path)
        while try reader.nextBlock() != nil {}
        let end = try Self.trim(reader, path, handles.directory)

        let byteCount = configuration.segmentByteCount
        let opened = try Self.openDevice(configuration, handles)
        handles.ring = opened.ring
        handles.segment = try Self.createSegment(
            end.nextSegment, path: path, handles.directory, direct: opened.mode == .ioUring,
            byteCount: byteCount, reserve: configuration.reservesSpace)

        mode = opened.mode
        modeReason = opened.reason
        recovered = reader.summary.blocks > 0 || reader.summary.truncatedTail != nil ? reader.summary : nil
        epoch = max(configuration.epoch, end.header.epoch)
        next = end.header
        next.epoch = epoch
        if reader.summary.blocks == 0 { next.firstSequence = configuration.firstSequence }
        sharedState = JournalSharedState(durableSequence: next.firstSequence &- 1)
        counters = CounterBlock()
        self.configuration = Settings(
            blocksPerSegment: byteCount / JournalBlock.byteCount, blocksPerWrite: configuration.blocksPerWrite,
            writesInFlight: configuration.writesInFlight,
            retryIntervalNanoseconds: configuration.retryIntervalNanoseconds,
            reservesSpace: configuration.reservesSpace, yieldsWhileWriting: configuration.yieldsWhileWriting)
        directoryPath = path
        self.input = input
        name = SegmentFile.makeName()
        let slotBytes = configuration.blocksPerWrite * JournalBlock.byteCount
        buffers = .allocate(
            byteCount: slotBytes * configuration.writesInFlight, alignment: JournalBlock.byteCount)
        // Touched now, so that no poll meets a page fault.
        buffers.initializeMemory(as: UInt8.self, repeating: 0, count: slotBytes * configuration.writesInFlight)
        slots = .allocate(capacity: configuration.writesInFlight)
        for index in 0..<configuration.writesInFlight {
            (slots + index).initialize(to: WriteSlot(buffer: buffers + index * slotBytes))
        }
        segment = CurrentSegment(descriptor: handles.segment, number: end.nextSegment)
        counters.add(.segments)
        (directoryDescriptor, lockDescriptor, ring) = handles.take()
    }

    /// What has been opened so far, given back when opening fails.
    private struct Handles: ~Copyable {
        var directory: Int32 = -1
        var lock: Int32 = -1
        var segment: Int32 = -1
        var ring: OpaquePointer?

        consuming func take() -> (Int32, Int32, OpaquePointer?) {
            let result = (directory, lock, ring)
            discard self
            return result
        }

        deinit {
            if let ring { cplatform_io_ring_close(ring) }
            for descriptor in [segment, lock, directory] where descriptor >= 0 { Glibc.close(descriptor) }
        }
    }

    /// Takes the lock of the directory; it ends with the process, however that ends.
    private static func lock(_ directory: String) throws(JournalError) -> Int32 {
        let path = directory + "/" + SegmentFile.lockName
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        if descriptor < 0 { throw .of("opening", path, code: errno) }
        var text = [UInt8](repeating: 0, count: 16)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let count = max(0, pread(descriptor, &text, text.count, 0))
            Glibc.close(descriptor)
            guard code == EWOULDBLOCK else { throw .of("locking", path, code: code) }
            throw .locked(path: directory, processID: Int32(String(decoding: text[..<count], as: UTF8.self)))
        }
        // The number is a courtesy to whoever meets the lock: a full disk may refuse it.
        ftruncate(descriptor, 0)
        let identifier = Array(String(getpid()).utf8)
        _ = pwrite(descriptor, identifier, identifier.count, 0)
        return descriptor
    }

    /// Takes away what lies behind the last whole block of a journal read to its end.
    /// - Returns: the header of the next block and the number of the segment it goes to.
    private static func trim(
        _ reader: borrowing JournalReader, _ directory: String, _ descriptor: Int32
    ) throws(JournalError) -> (header: JournalBlock.Header, nextSegment: Int) {
        var header = JournalBlock.Header()
        header.blockNumber = reader.expected.blockNumber ?? 0
        header.durableBlockCount = header.blockNumber
        header.previousChecksum = reader.expected.previousChecksum
        header.firstSequence = reader.expected.sequence ?? 0
        header.epoch = reader.expected.epoch.map { $0 &+ 1 } ?? 0
        guard let end = reader.source.endPlace else { return (header, 0) }
        let paths = reader.source.paths
        let firstRemoved = end.offset == 0 ? end.index : end.index + 1
        for path in paths[firstRemoved...].reversed() where unlink(path) != 0 {
            throw .of("removing", path, code: errno)
        }
        if end.offset > 0 { try truncate(paths[end.index], end.offset) }
        if fsync(descriptor) != 0 { throw .of("syncing", directory, code: errno) }
        return (header, firstRemoved)
    }

    private static func truncate(_ path: String, _ byteCount: Int) throws(JournalError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        if descriptor < 0 { throw .of("opening", path, code: errno) }
        defer { Glibc.close(descriptor) }
        if ftruncate(descriptor, byteCount) != 0 || fsync(descriptor) != 0 {
            throw .of("truncating", path, code: errno)
        }
    }

    /// Chooses how blocks reach the device.
    private static func openDevice(
        _ configuration: JournalConfiguration, _ handles: borrowing Handles
    ) throws(JournalError) -> (mode: JournalMode, reason: String, ring: OpaquePointer?) {
        if configuration.mode == .synchronous { return (.synchronous, "asked for", nil) }
        var ring: OpaquePointer?
        var code = probeDirect(handles.directory)
        var reason = "direct I/O is not offered by the file system: \(errorText(-code))"
        if code == 0 {
            // Each write slot and the preparation of the next segment can be in flight.
            code = cplatform_io_ring_open(UInt32(configuration.writesInFlight + 1), &ring)
            reason = "io_uring is not allowed (sysctl kernel.io_uring_disabled, seccomp filter): \(errorText(-code))"
        }
        if code == 0 { return (.ioUring, "io_uring with direct I/O", ring) }
        if configuration.mode == .ioUring { throw .modeUnavailable(mode: .ioUring, reason: reason) }
        return (.synchronous, reason, nil)
    }

    /// 0 when a file in the directory can be opened for direct I/O, else a negative errno.
    private static func probeDirect(_ directory: Int32) -> Int32 {
        let probe = "wissel.probe"
        let descriptor = cplatform_file_create(directory, probe, 1)
        unlinkat(directory, probe, 0)
        guard descriptor >= 0 else { return descriptor }
        Glibc.close(descriptor)
        return 0
    }

    /// Creates a segment of its full size and makes it findable, waiting for the device.
    private static func createSegment(
        _ number: Int, path: String, _ directory: Int32, direct: Bool, byteCount: Int, reserve: Bool
    ) throws(JournalError) -> Int32 {
        let name = SegmentFile.name(number)
        let descriptor = cplatform_file_create(directory, name, direct ? 1 : 0)
        if descriptor < 0 { throw .of("creating", path + "/" + name, code: -descriptor, byteCount: byteCount) }
        var code = reserve ? cplatform_file_allocate(descriptor, UInt64(byteCount)) : -EOPNOTSUPP
        if code == -EOPNOTSUPP { code = ftruncate(descriptor, byteCount) == 0 ? 0 : -errno }
        if code == 0 && (fsync(descriptor) != 0 || fsync(directory) != 0) { code = -errno }
        guard code == 0 else {
            unlinkat(directory, name, 0)
            Glibc.close(descriptor)
            throw .of("creating", path + "/" + name, code: -code, byteCount: byteCount)
        }
        return descriptor
    }
}
