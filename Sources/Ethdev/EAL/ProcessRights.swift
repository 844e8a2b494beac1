import Runtime

/// The rights of the calling thread.
public enum ProcessRights {
    /// Whether it holds a capability, by its bit number in `linux/capability.h`.
    public static func hold(_ bit: Int) -> Bool {
        guard let status = textFile("/proc/thread-self/status"),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let mask = UInt64(line.dropFirst(7).filter { !$0.isWhitespace }, radix: 16)
        else { return false }
        return mask & (1 << UInt64(bit)) != 0
    }
}
