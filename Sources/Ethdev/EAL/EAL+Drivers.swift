import CDPDK
import Runtime

extension EAL {
    /// Folder the drivers are loaded from.
    public static var driverFolder: String { String(cString: cdpdk_driver_folder()) }

    /// The network drivers there, by name, such as `tap` or `ixgbe`; may be asked before the start.
    public static var driverNames: [String] {
        let prefix = "librte_net_"
        return directoryNames(driverFolder).compactMap { file in
            guard file.hasPrefix(prefix), file.hasSuffix(".so") else { return nil }
            return String(file.dropFirst(prefix.count).dropLast(3))
        }
    }
}
