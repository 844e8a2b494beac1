import Foundation

/// One parser under libFuzzer: bytes in, and whatever they are, what the parser promises holds. A broken promise ends
/// the process with its message, which libFuzzer reports as a crash with the bytes that led to it.
protocol FuzzTarget: AnyObject {
    init() throws
    /// Inputs to begin with: one of each kind the parser knows.
    var seeds: [[UInt8]] { get }
    /// Nothing may be kept from one input to the next, or a crash could not be run again from its bytes.
    func run(_ input: UnsafeRawBufferPointer) throws
}

/// Which parser this process is for.
enum Fuzz {
    static var targets: [String: any FuzzTarget.Type] {
        [
            "addresses": AddressTarget.self, "arp": ARPTarget.self, "capture": CaptureTarget.self,
            "client": ClientTarget.self, "configuration": ConfigurationTarget.self, "device": DeviceTarget.self,
            "feed": FeedTarget.self, "frames": FrameTarget.self, "icmp": ICMPTarget.self, "igmp": IGMPTarget.self,
            "journal": JournalTarget.self, "matching": MatchingTarget.self, "orders": OrderTarget.self,
            "overrun": OverrunTarget.self, "programs": RuleProgramTarget.self, "rules": RuleTarget.self,
        ]
    }

    nonisolated(unsafe) static var target: (any FuzzTarget)?

    /// Makes the target that `WISSEL_FUZZ_TARGET` names; with `WISSEL_FUZZ_SEEDS` writes its seeds there and ends.
    static func begin() {
        let environment = ProcessInfo.processInfo.environment
        guard let name = environment["WISSEL_FUZZ_TARGET"], let type = targets[name] else {
            stop("WISSEL_FUZZ_TARGET names no target; there are \(targets.keys.sorted().joined(separator: ", "))")
        }
        do {
            let target = try type.init()
            Self.target = target
            guard let directory = environment["WISSEL_FUZZ_SEEDS"] else { return }
            for (index, seed) in target.seeds.enumerated() {
                try Data(seed).write(to: URL(fileURLWithPath: directory).appendingPathComponent("seed-\(index)"))
            }
        } catch {
            stop("cannot begin: \(error)")
        }
        exit(0)
    }

    static func stop(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("fuzz: \(reason)\n".utf8))
        abort()
    }
}

/// Ends the process unless a promise is kept; in release builds too, and with its words.
@inline(__always)
func hold(_ isKept: Bool, _ promise: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
    if !isKept { Fuzz.stop("broken at \(file):\(line): \(promise())") }
}

@_cdecl("LLVMFuzzerInitialize")
func initializeFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> Int32 {
    Fuzz.begin()
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    do { try Fuzz.target?.run(UnsafeRawBufferPointer(start: bytes, count: count)) } catch {
        Fuzz.stop("the target itself failed: \(error)")
    }
    return 0
}
