/// Why a machine's topology could not be read. The description names the cause and the remedy.
public enum TopologyError: Error, Equatable, CustomStringConvertible {
    case noCPUs(folder: String)
    case notNumbers(file: String, text: String, expected: String)
    case noDevice(device: String, folder: String, remedy: String)

    public var description: String {
        switch self {
        case .noCPUs(let folder):
            return "the machine cannot be read: \(folder) names no CPUs: mount sysfs ('mount -t sysfs sysfs /sys'), or "
                + "give a root folder that holds a machine's 'sys'"
        case .notNumbers(let file, let text, let expected):
            return "the machine cannot be read: \(file) says '\(text)', not \(expected): when it is a copy of another "
                + "machine, copy the file again"
        case .noDevice(let device, let folder, let remedy):
            return "the NUMA node of \(device) cannot be read: there is no \(folder): \(remedy)"
        }
    }
}
