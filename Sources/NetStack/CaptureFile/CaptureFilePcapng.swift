/// What is kept of a pcapng section's interface descriptions: the link type, the unit of time, and what tells them apart.
struct PcapngInterfaces {
    /// More interfaces than this in one section are refused as damage.
    static var capacity: Int { 256 }
    var list: [(linkType: UInt32, resolution: UInt8, description: CaptureInterface)] = []
}

extension CaptureReader {
    /// The five block types that matter; all others are skipped by their length.
    private static var sectionHeader: UInt32 { 0x0A0D_0D0A }
    private static var interfaceDescription: UInt32 { 1 }
    private static var simplePacket: UInt32 { 3 }
    private static var interfaceStatistics: UInt32 { 5 }
    private static var enhancedPacket: UInt32 { 6 }

    /// Reads the rest of a section header block whose type has been read; sets the byte order.
    func readSectionHeader(at start: UInt64) throws(CaptureFileError) {
        guard try source.read(into: buffer, count: 8) == 8 else { throw .truncated(path: source.path, at: start) }
        switch buffer.loadUnaligned(fromByteOffset: 4, as: UInt32.self) {
        case 0x1A2B_3C4D: isSwapped = false
        case 0x4D3C_2B1A: isSwapped = true
        case let other: throw .notACapture(path: source.path, magic: other.bigEndian)
        }
        let total = word(at: 0)
        guard total >= 28 else { throw badLength(total, at: start) }
        interfaces.list.removeAll(keepingCapacity: true)
        statistics = [:]
        try readBlockBody(total: total, alreadyRead: 12, start: start)
    }

    func nextPcapng() throws(CaptureFileError) -> CaptureRecord? {
        while true {
            let start = source.position
            let headerBytes = try source.read(into: buffer, count: 4)
            if headerBytes == 0 { return nil }
            guard headerBytes == 4 else { throw .truncated(path: source.path, at: start) }
            let type = word(at: 0)
            if type == Self.sectionHeader {
                try readSectionHeader(at: start)
                continue
            }
            guard try source.read(into: buffer, count: 4) == 4 else { throw .truncated(path: source.path, at: start) }
            let total = word(at: 0)
            let bodyBytes = try readBlockBody(total: total, alreadyRead: 8, start: start)
            switch type {
            case Self.interfaceDescription: try noteInterface(bodyBytes: bodyBytes, total: total, start: start)
            case Self.enhancedPacket:
                guard bodyBytes >= 20 else { throw badLength(total, at: start) }
                let units = UInt64(word(at: 4)) << 32 | UInt64(word(at: 8))
                let interface = try interface(word(at: 0), at: start)
                return try record(
                    units: units, resolution: interface.resolution, captured: word(at: 12), original: word(at: 16),
                    offset: 20, bodyBytes: bodyBytes, interface: Int(word(at: 0)), start: start)
            case Self.interfaceStatistics: noteStatistics(bodyBytes: bodyBytes)
            case Self.simplePacket:
                guard bodyBytes >= 4 else { throw badLength(total, at: start) }
                _ = try interface(0, at: start)
                let original = word(at: 0)
                // The block does not say how much was captured: as much as is there.
                return try record(
                    units: 0, resolution: 9, captured: min(original, UInt32(bodyBytes - 4)), original: original,
                    offset: 4, bodyBytes: bodyBytes, interface: 0, start: start)
            default: continue
            }
        }
    }

    /// Reads a block from behind its first `alreadyRead` bytes to its end; returns the length of the body without the
    /// closing length. The body is at the buffer's start.
    @discardableResult
    private func readBlockBody(
        total: UInt32, alreadyRead: UInt32, start: UInt64
    ) throws(CaptureFileError) -> Int {
        guard total >= alreadyRead + 4, total & 3 == 0 else { throw badLength(total, at: start) }
        try readBody(length: total - alreadyRead, recordStart: start)
        let bodyBytes = Int(total - alreadyRead) - 4
        guard word(at: bodyBytes) == total else { throw badLength(word(at: bodyBytes), at: start) }
        return bodyBytes
    }

    private func noteInterface(bodyBytes: Int, total: UInt32, start: UInt64) throws(CaptureFileError) {
        guard bodyBytes >= 8, interfaces.list.count < PcapngInterfaces.capacity else {
            throw badLength(total, at: start)
        }
        var resolution: UInt8 = 6
        var description = CaptureInterface(name: "")
        description.snapLength = word(at: 4)
        forEachOption(from: 8, to: bodyBytes) { code, value in
            switch code {
            case 2: description.name = String(decoding: value.prefix(256), as: UTF8.self)
            case 3: description.description = String(decoding: value.prefix(256), as: UTF8.self)
            case 6: description.macAddress = value.prefix(6).reduce(0) { $0 << 8 | UInt64($1) }
            // if_tsresol: a power of ten, or of two when the highest bit is set.
            case 9: resolution = value.first ?? resolution
            case 11: description.filter = String(decoding: value.dropFirst().prefix(256), as: UTF8.self)
            default: break
            }
        }
        let type = isSwapped ? word(at: 0) >> 16 : word(at: 0) & 0xFFFF
        interfaces.list.append((type, resolution, description))
    }

    private func noteStatistics(bodyBytes: Int) {
        guard bodyBytes >= 12, word(at: 0) < UInt32(interfaces.list.count) else { return }
        var noted = CaptureStatistics()
        let isSwapped = isSwapped
        forEachOption(from: 12, to: bodyBytes) { code, value in
            guard value.count == 8 else { return }
            let raw = value.loadUnaligned(as: UInt64.self)
            let number = isSwapped ? raw.byteSwapped : raw
            switch code {
            case 4: noted.received = number
            case 5: noted.interfaceDropped = number
            case 6: noted.filterAccepted = number
            case 7: noted.captureDropped = number
            case 8: noted.delivered = number
            default: break
            }
        }
        statistics[Int(word(at: 0))] = noted
    }

    /// Calls `body` with each option of a block, from byte `start` of the buffer on; a length that leads out of the block
    /// ends the walk.
    private func forEachOption(from start: Int, to end: Int, _ body: (UInt32, UnsafeRawBufferPointer) -> Void) {
        var offset = start
        while offset + 4 <= end {
            let option = word(at: offset)
            let (code, length) = isSwapped ? (option >> 16, option & 0xFFFF) : (option & 0xFFFF, option >> 16)
            guard code != 0, offset + 4 + Int(length) <= end else { return }
            body(code, UnsafeRawBufferPointer(start: buffer + offset + 4, count: Int(length)))
            offset += 4 + (Int(length) + 3) / 4 * 4
        }
    }

    private func interface(_ index: UInt32, at start: UInt64) throws(CaptureFileError) -> (
        linkType: UInt32, resolution: UInt8, description: CaptureInterface
    ) {
        guard index < UInt32(interfaces.list.count) else { throw badLength(index, at: start) }
        let interface = interfaces.list[Int(index)]
        guard interface.linkType == 1 else {
            throw .linkTypeNotEthernet(path: source.path, linkType: interface.linkType)
        }
        return interface
    }

    private func record(
        units: UInt64, resolution: UInt8, captured: UInt32, original: UInt32, offset: Int, bodyBytes: Int,
        interface: Int, start: UInt64
    ) throws(CaptureFileError) -> CaptureRecord {
        guard Int(captured) <= bodyBytes - offset else { throw badLength(captured, at: start) }
        // epb_flags: the lowest two bits are the direction.
        var flags: UInt32 = 0
        let isSwapped = isSwapped
        forEachOption(from: offset + (Int(captured) + 3) / 4 * 4, to: bodyBytes) { code, value in
            guard code == 2, value.count == 4 else { return }
            let raw = value.loadUnaligned(as: UInt32.self)
            flags = isSwapped ? raw.byteSwapped : raw
        }
        return CaptureRecord(
            timestampNanoseconds: Self.nanoseconds(units: units, resolution: resolution),
            originalLength: Int(original), interface: interface, direction: CaptureDirection(rawValue: flags & 3),
            bytes: UnsafeRawBufferPointer(start: buffer + offset, count: Int(captured)))
    }

    /// `units` of the interface's resolution in nanoseconds; wraps for times after the year 2554.
    static func nanoseconds(units: UInt64, resolution: UInt8) -> UInt64 {
        let exponent = resolution & 0x7F
        if resolution & 0x80 != 0 {
            guard exponent < 64 else { return 0 }
            let wide = units.multipliedFullWidth(by: 1_000_000_000)
            return exponent == 0 ? wide.low : wide.high << (64 - exponent) | wide.low >> exponent
        }
        var result = units
        if exponent <= 9 {
            for _ in exponent..<9 { result &*= 10 }
        } else {
            for _ in 9..<min(exponent, 29) { result /= 10 }
        }
        return result
    }

    private func badLength(_ length: UInt32, at start: UInt64) -> CaptureFileError {
        .lengthOutOfRange(
            path: source.path, at: start, length: UInt64(length), limit: UInt64(Self.maximumRecordBytes))
    }
}
