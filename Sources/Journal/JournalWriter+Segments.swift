import CPlatform
import Glibc

// The next segment: created, given its space and made findable while the current one is written.
extension JournalWriter {
    /// Tag of the preparation's operations in io_uring; write slots use 0…15.
    static var preparationTag: UInt64 { 255 }

    /// Makes the prepared segment the current one.
    /// - Returns: false while it is not ready.
    mutating func switchSegment(_ now: UInt64) -> Bool {
        if preparation.state == .idle { beginPreparation(now) }
        guard preparation.state == .ready else { return false }
        segment = CurrentSegment(descriptor: preparation.descriptor, number: preparation.number)
        preparation = SegmentPreparation()
        counters.add(.segments)
        return true
    }

    /// Creates the file of the next segment and starts reserving its space.
    mutating func beginPreparation(_ now: UInt64) {
        if preparation.state == .waiting { counters.add(.retries) }
        preparation.number = segment.number &+ 1
        guard preparation.number <= SegmentFile.maximumNumber else { return failPreparation(-ENOSPC, now) }
        SegmentFile.setNumber(preparation.number, name)
        let descriptor = cplatform_file_create(directoryDescriptor, name, mode == .ioUring ? 1 : 0)
        guard descriptor >= 0 else { return failPreparation(descriptor, now) }
        preparation.descriptor = descriptor
        preparation.state = .allocating
        let byteCount = UInt64(truncatingIfNeeded: configuration.blocksPerSegment &* JournalBlock.byteCount)
        if !configuration.reservesSpace {
            continuePreparation(result: -EOPNOTSUPP, now)
        } else if let ring {
            submitted(cplatform_io_ring_allocate(ring, descriptor, byteCount, Self.preparationTag), now)
        } else {
            continuePreparation(result: cplatform_file_allocate(descriptor, byteCount), now)
        }
    }

    /// Goes on after one step ended with `result`, 0 or a negative errno.
    mutating func continuePreparation(result: Int32, _ now: UInt64) {
        switch preparation.state {
        case .allocating:
            var code = result
            if code == -EOPNOTSUPP {
                let byteCount = configuration.blocksPerSegment &* JournalBlock.byteCount
                code = ftruncate(preparation.descriptor, byteCount) == 0 ? 0 : -errno
            }
            guard code == 0 else { return failPreparation(code, now) }
            sync(preparation.descriptor, state: .syncingFile, now)
        case .syncingFile:
            guard result == 0 else { return failPreparation(result, now) }
            sync(directoryDescriptor, state: .syncingDirectory, now)
        case .syncingDirectory:
            guard result == 0 else { return failPreparation(result, now) }
            preparation.state = .ready
            if preparation.trouble != .none {
                preparation.trouble = .none
                publishStatus()
            }
        case .idle, .ready, .waiting:
            break
        }
    }

    private mutating func sync(_ descriptor: Int32, state: SegmentPreparation.State, _ now: UInt64) {
        preparation.state = state
        if let ring {
            submitted(cplatform_io_ring_sync(ring, descriptor, Self.preparationTag), now)
        } else {
            continuePreparation(result: fsync(descriptor) == 0 ? 0 : -errno, now)
        }
    }

    private mutating func submitted(_ code: Int32, _ now: UInt64) {
        if code == 0 { operationsInFlight &+= 1 } else { failPreparation(code, now) }
    }

    /// Takes the unfinished file away, so that it holds no space, and tries again later.
    private mutating func failPreparation(_ code: Int32, _ now: UInt64) {
        discardPreparation()
        preparation.state = .waiting
        preparation.retryNanoseconds = now &+ configuration.retryIntervalNanoseconds
        if let trouble = trouble(-code) {
            preparation.trouble = trouble
            publishStatus()
        }
    }

    /// Closes and removes the file of the preparation, if there is one.
    mutating func discardPreparation() {
        guard preparation.descriptor >= 0 else { return }
        closeFile(preparation.descriptor)
        preparation.descriptor = -1
        SegmentFile.setNumber(preparation.number, name)
        unlinkat(directoryDescriptor, name, 0)
    }
}
