import CDPDK
import Runtime

extension EAL {
    /// Folder the drivers are loaded from.
    public static var driverFolder: String { String(cString: cdpdk_driver_folder()) }

    /// The network drivers there, by name, such as `tap` or `ixgbe`; may be asked before the start. A machine that only runs
    /// DPDK has `librte_net_tap.so.23.0` alone; the name without the number is there for those who link.
    /// - Parameter folder: where they are; that of a copy of another machine for what is installed there.
    public static func driverNames(folder: String = driverFolder) -> [String] {
        let prefix = "librte_net_"
        let names = directoryNames(folder).compactMap { file -> String? in
            guard file.hasPrefix(prefix), let end = file.firstRange(of: ".so") else { return nil }
            return String(file[..<end.lowerBound].dropFirst(prefix.count))
        }
        return Set(names).sorted()
    }
}
