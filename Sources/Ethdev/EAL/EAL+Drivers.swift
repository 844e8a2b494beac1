import CDPDK
import Runtime

extension EAL {
    /// Folder the drivers are loaded from.
    public static var driverFolder: String { String(cString: cdpdk_driver_folder()) }

    /// The network drivers there, by name, such as `tap` or `ixgbe`; may be asked before the start.
    /// - Parameter folder: where they are; that of a copy of another machine for what is installed there.
    public static func driverNames(folder: String = driverFolder) -> [String] {
        let prefix = "librte_net_"
        return directoryNames(folder).compactMap { file in
            guard file.hasPrefix(prefix), file.hasSuffix(".so") else { return nil }
            return String(file.dropFirst(prefix.count).dropLast(3))
        }
    }
}
