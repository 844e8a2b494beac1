import ArgumentParser
import Ethdev

/// Where the packets of a benchmark come from and go to.
enum BenchDevice: Equatable, Sendable, CustomStringConvertible {
    /// Two ports that make frames and let them vanish.
    case null(copy: Bool)
    /// Two ports whose own ring brings back what they send; the frames in them go round.
    case ring
    /// Shared memory to a third process that makes the frames and takes them back.
    case memif
    /// Two ports of the caller's, with somebody outside who sends.
    case ports(DeviceSpecification, DeviceSpecification)

    static let all: [BenchDevice] = [.null(copy: false), .null(copy: true), .ring, .memif]

    init(parsing text: String) throws {
        switch text {
        case "net_null": self = .null(copy: false)
        case "net_null_copy": self = .null(copy: true)
        case "net_ring": self = .ring
        case "net_memif": self = .memif
        default:
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard names.count == 2 else {
                throw ValidationError(
                    "--device takes net_null, net_null_copy, net_ring, net_memif, or two ports with a comma between, "
                        + "such as pci:0000:03:00.0,pci:0000:03:00.1; it got '\(text)'")
            }
            do {
                self = .ports(try DeviceSpecification(parsing: names[0]), try DeviceSpecification(parsing: names[1]))
            } catch { throw ValidationError("--device: \(error)") }
        }
    }

    var description: String {
        switch self {
        case .null(let copy): copy ? "net_null with copy" : "net_null"
        case .ring: "net_ring"
        case .memif: "net_memif"
        case .ports(let one, let other): "\(one), \(other)"
        }
    }

    /// Whether the whole path of a node can be measured on it: the frames must be the node's own. net_null with copy
    /// writes over them, and what a third party sends is its own matter.
    var carriesOrders: Bool {
        switch self {
        case .null(let copy): !copy
        case .ring, .memif: true
        case .ports: false
        }
    }

    /// Whether a loop on it waits for the other side most of the time, so that only busy cycles can be compared.
    var waits: Bool { self == .memif }

    /// Whether the benchmark decides how long the frames are.
    var hasFrameSize: Bool { if case .ports = self { false } else { true } }

    var pciAddresses: [String] {
        guard case .ports(let one, let other) = self else { return [] }
        return [one, other].compactMap { if case .pci(let address) = $0 { address } else { nil } }
    }
}
