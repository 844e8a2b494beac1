/// No parser, and wrong on purpose: reads one byte behind its input when that begins with three certain letters. If this
/// is not found, the build measures no coverage or has no AddressSanitizer, and what the others say means nothing.
final class OverrunTarget: FuzzTarget {
    var seeds: [[UInt8]] { [] }

    func run(_ input: UnsafeRawBufferPointer) {
        withExactly(Array(input)) { memory in
            guard memory.count >= 3, memory[0] == 0x57, memory[1] == 0x53, memory[2] == 0x4C else { return }
            let behind = UnsafeRawPointer(memory.baseAddress!) + memory.count
            hold(behind.load(as: UInt8.self) != memory[0] || memory.count < 4, "the byte behind looks like the first")
        }
    }
}
