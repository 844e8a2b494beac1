import Runtime

/// Lines that people paste into a shell.
enum Remedy {
    /// Adds words to the kernel's command line, as Debian's boot loader keeps it.
    static func boot(_ words: String) -> String {
        "sudo sed -i 's/^GRUB_CMDLINE_LINUX=\"/&\(words) /' /etc/default/grub && sudo update-grub  # then boot"
    }

    static func write(_ value: String, to path: String) -> String { "echo \(value) | sudo tee \(path)" }

    static func sysctl(_ name: String, _ value: Int) -> String { "sudo sysctl -w \(name)=\(value)" }

    /// Takes CPUs away from the scheduler, the tick and RCU.
    static func isolate(_ cpus: [Int]) -> String {
        let list = cpuList(cpus)
        return boot("isolcpus=managed_irq,domain,\(list) nohz_full=\(list) rcu_nocbs=\(list)")
    }
}

extension ExaminedMachine {
    /// A setting under /proc/sys that should hold a value.
    /// - Parameters:
    ///   - name: as sysctl(8) writes it.
    ///   - isRight: whether a value will do.
    ///   - better: the value of the remedy.
    ///   - cause: what a wrong one costs.
    func setting(
        _ name: String, better: Int, because cause: String, isRight: (Int) -> Bool
    ) -> [Outcome] {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        guard let value = folder.number(path) else { return [.pass("this kernel has no \(name)")] }
        if isRight(value) { return [.pass("\(name) = \(value)")] }
        return [.warn("\(name) = \(value): \(cause)", remedy: Remedy.sysctl(name, better))]
    }

    /// CPUs that are left for all other work; empty when the node has all of them.
    var otherCPUs: [Int] { online.filter { !nodeCPUs.contains($0) } }
}
