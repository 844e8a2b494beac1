import CPlatform
import Glibc
import Orders

/// Set-up of a journal's directory: its lock, its end, and how it can be written.
enum JournalDirectory {
    struct Files {
        var directory: Int32
        var lock: Int32

        func close() {
            _ = Glibc.close(directory)
            _ = Glibc.close(lock)
        }
    }

    struct Device {
        var mode: JournalMode
        var ring: OpaquePointer?
    }

    /// Opens the directory and takes its lock, which the kernel gives back when the process ends, however it ends.
    static func open(_ path: String) throws(JournalError) -> Files {
        let directory = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .of("open", path, code: errno) }
        let lock = openat(directory, JournalFiles.lockName, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard lock >= 0 else {
            let code = errno
            _ = Glibc.close(directory)
            throw .of("create a lock file in", path, code: code)
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let holder = processID(in: lock)
            Files(directory: directory, lock: lock).close()
            throw .locked(path: path, processID: holder)
        }
        var text = Array("\(getpid())\n".utf8)
        if ftruncate(lock, 0) != 0 || pwrite(lock, &text, text.count, 0) != text.count {
            let code = errno
            Files(directory: directory, lock: lock).close()
            throw .of("write the lock file in", path, code: code)
        }
        return Files(directory: directory, lock: lock)
    }

    private static func processID(in lock: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(lock, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
    }

    /// Where the journal in the directory ends; a new one begins as configured.
    static func end(of configuration: JournalConfiguration) throws(JournalError) -> JournalPosition {
        var reader = try JournalReader(directory: configuration.directory)
        let batch = UnsafeMutablePointer<Command>.allocate(capacity: 1_024)
        defer { batch.deallocate() }
        while try reader.next(into: batch, maximumCount: 1_024) > 0 {}
        var position = reader.position
        if reader.summary.blocks == 0 { position.nextSequence = configuration.firstSequence }
        return position
    }

    /// io_uring with direct I/O where both are to be had, else the synchronous way.
    static func device(_ files: Files, _ configuration: JournalConfiguration) throws(JournalError) -> Device {
        if configuration.mode == .synchronous { return Device(mode: .synchronous, ring: nil) }
        if let reason = obstacleToDirect(files.directory) {
            guard configuration.mode == nil else { throw .modeUnavailable(mode: .ioUring, reason: reason) }
            return Device(mode: .synchronous, ring: nil)
        }
        var ring: OpaquePointer?
        let code = cplatform_io_ring_open(64, &ring)
        if code == 0 { return Device(mode: .ioUring, ring: ring) }
        guard configuration.mode == nil else {
            throw .modeUnavailable(
                mode: .ioUring,
                reason: "the kernel refuses io_uring (\(errorText(-code))), see kernel.io_uring_disabled")
        }
        return Device(mode: .synchronous, ring: nil)
    }

    private static func obstacleToDirect(_ directory: Int32) -> String? {
        let name = "wissel.probe"
        let file = cplatform_file_create(directory, name, 1)
        guard file >= 0 else { return "the file system has no direct I/O (\(errorText(-file)))" }
        _ = Glibc.close(file)
        unlinkat(directory, name, 0)
        return nil
    }
}

/// What opening a journal brings together, before a writer is made of it.
struct JournalParts: ~Copyable {
    let files: JournalDirectory.Files
    let device: JournalDirectory.Device
    let position: JournalPosition
    let segments: SegmentFiles

    init(_ configuration: JournalConfiguration, continuing known: JournalPosition?) throws(JournalError) {
        try configuration.validate()
        let files = try JournalDirectory.open(configuration.directory)
        var openedRing: OpaquePointer?
        do throws(JournalError) {
            var end = JournalPosition()
            if let known { end = known } else { end = try JournalDirectory.end(of: configuration) }
            end.epoch = max(configuration.epoch, end.epoch &+ 1)
            let device = try JournalDirectory.device(files, configuration)
            openedRing = device.ring
            segments = try SegmentFiles.opened(files, device, configuration, firstNumber: end.nextSegment)
            self.device = device
            position = end
            self.files = files
        } catch {
            if let openedRing { cplatform_io_ring_close(openedRing) }
            files.close()
            throw error
        }
    }
}

extension SegmentFiles {
    /// The files of a journal with the first segment made.
    static func opened(
        _ files: JournalDirectory.Files, _ device: JournalDirectory.Device, _ configuration: JournalConfiguration,
        firstNumber: Int
    ) throws(JournalError) -> SegmentFiles {
        var segments = SegmentFiles(
            directory: files.directory, firstNumber: firstNumber, byteCount: configuration.segmentByteCount,
            isDirect: device.mode == .ioUring, reservesSpace: configuration.reservesSpace)
        let code = segments.prepare()
        guard code == 0 else {
            throw .of(
                "create a segment in", configuration.directory, code: code, byteCount: configuration.segmentByteCount)
        }
        return segments
    }
}
