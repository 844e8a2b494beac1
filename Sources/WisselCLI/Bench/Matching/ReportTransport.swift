/// The five functions by which the benchmark's interface carries reports, as one table of C function pointers.
struct ReportTransport {
    typealias Create = @convention(c) (UInt32) -> UnsafeMutableRawPointer?
    typealias Push = @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Int32
    typealias Drain = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UInt32) -> UInt32
    typealias Flush = @convention(c) (UnsafeMutableRawPointer) -> Void

    /// As `engine_init` and `engine_get_transport` have it: create, push, drain, flush, destroy.
    let table: UnsafeRawPointer

    /// Ours: `push` copies the report into a `ReportBuffer`, which the engine is given as the handle.
    static func copying() -> ReportTransport {
        let create: Create = { _ in nil }
        let push: Push = { handle, report in
            handle.assumingMemoryBound(to: ReportBuffer.self).pointee.append(report)
            return 1
        }
        let drain: Drain = { _, _, _ in 0 }
        let flush: Flush = { _ in }
        let size = MemoryLayout<UnsafeRawPointer>.stride
        let table = UnsafeMutableRawPointer.allocate(byteCount: 5 * size, alignment: 64)
        table.storeBytes(of: create, as: Create.self)
        table.storeBytes(of: push, toByteOffset: size, as: Push.self)
        table.storeBytes(of: drain, toByteOffset: 2 * size, as: Drain.self)
        table.storeBytes(of: flush, toByteOffset: 3 * size, as: Flush.self)
        table.storeBytes(of: flush, toByteOffset: 4 * size, as: Flush.self)
        return ReportTransport(table: UnsafeRawPointer(table))
    }

    func create(capacity: UInt32) -> UnsafeMutableRawPointer? { function(0, as: Create?.self)?(capacity) }
    var drain: Drain? { function(2, as: Drain?.self) }
    var flush: Flush? { function(3, as: Flush?.self) }

    private func function<Function>(_ index: Int, as type: Function.Type) -> Function {
        table.load(fromByteOffset: index * MemoryLayout<UnsafeRawPointer>.stride, as: type)
    }
}
