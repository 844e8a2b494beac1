import Glibc
import Runtime

/// Why a socket could not be set up or used, with what to do about it.
public struct SocketError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Step: String, Sendable {
        case address = "read the address"
        case open = "open a UDP socket"
        case bind = "bind the UDP socket to"
        case connect = "connect the UDP socket to"
        case option = "set up the UDP socket for"
        case send = "send to"
        case receive = "receive from"
        case wait = "wait for"
    }

    public let step: Step
    /// The address or option it was about.
    public let subject: String
    /// The system's error number, 0 when the system was not asked.
    public let code: Int32

    init(_ step: Step, _ subject: String, code: Int32) {
        self.step = step
        self.subject = subject
        self.code = code
    }

    public var description: String {
        let cause = code == 0 ? "it is not one" : errorText(code)
        return "cannot \(step.rawValue) \(subject): \(cause). \(remedy)"
    }

    /// What to do.
    public var remedy: String {
        switch (step, code) {
        case (.address, _):
            "Write an IPv4 address in four numbers, such as 10.0.0.1, and a port from 0 to 65535."
        case (.bind, EADDRNOTAVAIL):
            "No interface of this machine has that address: give it to one (ip address add), or use 0.0.0.0."
        case (.bind, EADDRINUSE): "Another program holds that port: choose another one, or port 0 for any free one."
        case (.bind, EACCES): "Ports below 1024 need root or CAP_NET_BIND_SERVICE: choose a higher one."
        case (.option, EADDRNOTAVAIL), (.option, ENODEV):
            "No interface has that address: give the address of the interface to send multicast from (ip address show)."
        case (_, ENETUNREACH), (_, EHOSTUNREACH):
            "No way there: check that the interface towards the node is up and has an address in its network."
        case (_, ENETDOWN): "The interface is down: ip link set DEVICE up."
        case (_, EPERM), (_, EACCES):
            "The system forbids it: check the firewall (nft list ruleset), and broadcast addresses are not usable."
        case (_, EMFILE), (_, ENFILE): "Too many open files: raise the limit (ulimit -n) or run fewer sessions."
        case (_, EMSGSIZE): "The datagram is longer than the interface takes: at most 1472 bytes on Ethernet."
        default: "Check the address and the interface."
        }
    }
}
