import CPlatform
import Glibc

/// The segment file being written, and the one after it, made ahead so that a full disk is known half a segment early.
struct SegmentFiles: ~Copyable {
    private let directory: Int32
    private let byteCount: Int
    private let isDirect: Bool
    private let reservesSpace: Bool
    private var nextNumber: Int
    private(set) var descriptor: Int32 = -1
    /// Bytes of the current segment already given out.
    private(set) var used = 0
    private var prepared: Int32 = -1
    /// Full segments whose last writes may still be under way; closed when the journal closes or two segments later.
    private var retired: (Int32, Int32) = (-1, -1)
    private(set) var opened: UInt64 = 0

    init(directory: Int32, firstNumber: Int, byteCount: Int, isDirect: Bool, reservesSpace: Bool) {
        self.directory = directory
        self.byteCount = byteCount
        self.isDirect = isDirect
        self.reservesSpace = reservesSpace
        nextNumber = firstNumber
    }

    deinit {
        for file in [descriptor, prepared, retired.0, retired.1] where file >= 0 { close(file) }
    }

    /// Blocks the current segment still has room for.
    var roomInBlocks: Int { descriptor < 0 ? 0 : (byteCount - used) / JournalBlock.byteCount }

    /// Whether the next file should be made now.
    var wantsPreparation: Bool { prepared < 0 && (descriptor < 0 || used * 2 >= byteCount) }

    /// Makes the next segment file with its space reserved; 0 or a positive errno. Blocks for the duration of the calls.
    mutating func prepare() -> Int32 {
        let name = JournalFiles.segmentName(nextNumber)
        let file = cplatform_file_create(directory, name, isDirect ? 1 : 0)
        guard file >= 0 else { return -file }
        if reservesSpace {
            let code = cplatform_file_allocate(file, UInt64(byteCount))
            // A file system without reservation still takes the writes.
            if code != 0, code != -EOPNOTSUPP {
                close(file)
                unlinkat(directory, name, 0)
                return -code
            }
        }
        // The name must survive a crash as well as the blocks do.
        guard fsync(file) == 0, fsync(directory) == 0 else {
            let code = errno
            close(file)
            return code
        }
        prepared = file
        nextNumber += 1
        return 0
    }

    /// Goes on to the prepared file when the current one is full or there is none; false when there is none prepared.
    mutating func advance() -> Bool {
        guard roomInBlocks == 0 else { return true }
        guard prepared >= 0 else { return false }
        if retired.0 >= 0 { close(retired.0) }
        retired = (retired.1, descriptor)
        descriptor = prepared
        prepared = -1
        used = 0
        opened &+= 1
        return true
    }

    /// Gives out the next `blocks` blocks of the current segment.
    mutating func take(blocks: Int) -> UInt64 {
        let offset = UInt64(used)
        used &+= blocks &* JournalBlock.byteCount
        return offset
    }
}
