import Glibc

/// An engine behind the C interface of the public matching-engine-benchmark: a shared object, or the one that does nothing.
///
/// The benchmark promises an engine one life per process, so each measurement has a process of its own, and nothing is
/// ever unloaded.
struct YardstickEngine {
    typealias Message = @convention(c) (UnsafeRawPointer) -> Void
    typealias Nothing = @convention(c) () -> Void
    typealias Initialise = @convention(c) (UInt64, UnsafeRawPointer, UnsafeMutableRawPointer?) -> Void
    typealias Prebuild = @convention(c) (UInt8, UnsafeRawPointer) -> Void
    typealias Transport = @convention(c) () -> UnsafeRawPointer?

    /// The name of the engine that does nothing: what the loop and the calls cost.
    static let noop = "noop"

    var newOrder: Message
    var cancel: Message
    var modify: Message
    var initialise: Initialise
    var flush: Nothing
    var shutdown: Nothing
    /// Prepares a message in the engine's own form, before the clock starts.
    var prebuild: Prebuild?
    /// The engine's own queue of reports instead of ours.
    var transport: Transport?

    /// Every call returns at once.
    static let doingNothing = YardstickEngine(
        newOrder: { _ in }, cancel: { _ in }, modify: { _ in }, initialise: { _, _, _ in }, flush: {}, shutdown: {})

    /// Loads a shared object, its names kept to itself.
    static func load(_ path: String) throws -> YardstickEngine {
        if path == noop { return doingNothing }
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw YardstickError(
                "\(path) cannot be loaded: \(dlerror().map { String(cString: $0) } ?? "unknown cause")")
        }
        func optional<Function>(_ name: String, _ type: Function.Type) -> Function? {
            dlsym(library, name).map { unsafeBitCast($0, to: type) }
        }
        func required<Function>(_ name: String, _ type: Function.Type) throws -> Function {
            guard let function = optional(name, type) else {
                throw YardstickError(
                    "\(path) has no '\(name)': it must export the benchmark's C interface (api/matching_engine_api.h)")
            }
            return function
        }
        return YardstickEngine(
            newOrder: try required("engine_on_new_order", Message.self),
            cancel: try required("engine_on_cancel", Message.self),
            modify: try required("engine_on_modify", Message.self),
            initialise: try required("engine_init", Initialise.self),
            flush: try required("engine_flush", Nothing.self),
            shutdown: try required("engine_shutdown", Nothing.self),
            prebuild: optional("engine_prebuild", Prebuild.self),
            transport: optional("engine_get_transport", Transport.self))
    }
}

/// Why there are no figures.
struct YardstickError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
