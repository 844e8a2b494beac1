import Foundation
import TestSupport
import Testing

/// scripts/nic on a made-up machine with four ports of different kinds.
@Suite struct NICScriptTests {
    private let state = "/run/wissel/nic"
    private let first = "0000:03:00.0"
    private let second = "0000:81:00.0"
    private let mellanox = "0000:82:00.0"
    private let management = "0000:04:00.0"

    private func override(_ address: String) -> String { "/sys/bus/pci/devices/\(address)/driver_override" }
    private func unbind(_ driver: String) -> String { "/sys/bus/pci/drivers/\(driver)/unbind" }
    private let probe = "/sys/bus/pci/drivers_probe"

    private func machine(iommu: Bool = true, vfio: Bool = true) throws -> MadeUpMachine {
        let machine = try MadeUpMachine()
        let groups: [Int?] = iommu ? [14, 15, 30, 31] : [nil, nil, nil, nil]
        try machine.device(first, driver: "e1000e", interface: "ens1f0", group: groups[0])
        try machine.device(
            management, id: ("14e4", "165f"), driver: "tg3", interface: "eno1", node: -1, group: groups[1])
        try machine.device(second, id: ("8086", "1592"), driver: "ice", interface: "ens2f0", node: 1, group: groups[2])
        try machine.device(
            mellanox, id: ("15b3", "1017"), driver: "mlx5_core", interface: "ens3f0np0", node: 1, group: groups[3])
        try machine.device("0000:00:1f.2", class: "0x010601", driver: "ahci", group: iommu ? 3 : nil)
        try machine.file("/sys/class/net/eno1/operstate", "up")
        try machine.file("/sys/class/net/eno1/speed", "1000")
        try machine.routes(overIPv4: "eno1")
        if vfio { try machine.driver("vfio-pci") }
        return machine
    }

    // MARK: list

    @Test func listTellsEachPort() throws {
        let machine = try machine()
        try machine.device("0000:85:00.0", class: "0x028000", driver: nil, node: 1)
        let result = try machine.run("scripts/nic", "list")
        #expect(result.status == 0, "\(result.error)")
        #expect(
            result.output == """
                address       id         driver           node  interface    link              IOMMU  can be bound
                0000:03:00.0  8086:10d3  e1000e              0  ens1f0       down                 14  yes
                0000:04:00.0  14e4:165f  tg3                 -  eno1         up, 1000 Mbit/s      15  no: carries the default route (eno1)
                0000:81:00.0  8086:1592  ice                 1  ens2f0       down                 30  yes
                0000:82:00.0  15b3:1017  mlx5_core           1  ens3f0np0    down                 31  no: shared with the kernel, use it as it is
                0000:85:00.0  8086:10d3  -                   1  -            -                     -  no: no IOMMU group

                """)
        #expect(machine.takeLog().isEmpty)
    }

    @Test func listForMachines() throws {
        let result = try machine().run("scripts/nic", "list", "--json")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let devices = try #require(json["devices"] as? [[String: Any]])
        #expect(devices.compactMap { $0["address"] as? String } == [first, management, second, mellanox])
        #expect(devices.compactMap { $0["bindable"] as? Bool } == [true, false, true, false])
        #expect(devices[1]["node"] is NSNull && devices[1]["link"] as? String == "up, 1000 Mbit/s")
        #expect(devices[2]["node"] as? Int == 1 && devices[2]["iommuGroup"] as? String == "30")
        #expect(devices[2]["interfaces"] as? [String] == ["ens2f0"] && devices[2]["obstacle"] is NSNull)
        let none = try MadeUpMachine()
        #expect(try none.run("scripts/nic", "list").status == 78)
    }

    // MARK: bind, unbind, restore

    @Test func bindAndRestoreWriteTheseFilesInThisOrder() throws {
        let machine = try machine()
        let bound = try machine.run("scripts/nic", "bind", "03:00.0", second)
        #expect(bound.status == 0, "\(bound.error)")
        #expect(
            machine.takeLog() == [
                "\(first) e1000e - sysfs > \(state)",
                "vfio-pci > \(override(first))", "\(first) > \(unbind("e1000e"))", "\(first) > \(probe)",
                "\(first) e1000e - sysfs; \(second) ice - sysfs > \(state)",
                "vfio-pci > \(override(second))", "\(second) > \(unbind("ice"))", "\(second) > \(probe)",
            ])
        #expect(machine.driver(of: first) == "vfio-pci" && machine.driver(of: second) == "vfio-pci")
        #expect(bound.output.contains("echo vfio-pci > \(machine.root)\(override(first))"), "\(bound.output)")
        #expect(try machine.run("scripts/nic", "list").output.components(separatedBy: "  bound\n").count == 3)

        let again = try machine.run("scripts/nic", "bind", first)
        #expect(again.status == 0 && again.output.contains("has vfio-pci already") && machine.takeLog().isEmpty)

        let restored = try machine.run("scripts/nic", "restore")
        #expect(restored.status == 0, "\(restored.error)")
        #expect(
            machine.takeLog() == [
                " > \(override(first))", "\(first) > \(unbind("vfio-pci"))", "\(first) > \(probe)",
                "\(second) ice - sysfs > \(state)",
                " > \(override(second))", "\(second) > \(unbind("vfio-pci"))", "\(second) > \(probe)",
            ])
        #expect(machine.driver(of: first) == "e1000e" && machine.driver(of: second) == "ice" && !machine.exists(state))
        let nothing = try machine.run("scripts/nic", "restore")
        #expect(nothing.status == 0 && nothing.output.contains("no port has been bound"))
    }

    @Test func whatAPortHadBeforeTheFirstChangeIsWhatItGetsBack() throws {
        let machine = try machine()
        try machine.file(override(first), "e1000e")
        #expect(try machine.run("scripts/nic", "unbind", first).status == 0)
        #expect(
            machine.takeLog() == [
                "\(first) e1000e e1000e sysfs > \(state)", " > \(override(first))", "\(first) > \(unbind("e1000e"))",
            ])
        #expect(machine.driver(of: first) == nil)
        #expect(try machine.run("scripts/nic", "bind", first).status == 0)
        #expect(machine.takeLog() == ["vfio-pci > \(override(first))", "\(first) > \(probe)"])
        #expect(try machine.run("scripts/nic", "restore", first).status == 0)
        #expect(machine.driver(of: first) == "e1000e" && machine.text(override(first)) == "e1000e")
    }

    @Test func aPortThatHadNoDriverIsLeftWithoutOne() throws {
        let machine = try machine()
        try machine.device("0000:85:00.0", driver: nil, group: 40)
        #expect(try machine.run("scripts/nic", "bind", "0000:85:00.0").status == 0)
        #expect(machine.driver(of: "0000:85:00.0") == "vfio-pci")
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        #expect(machine.driver(of: "0000:85:00.0") == nil && !machine.exists(state))
    }

    @Test func aDriverThatRefusesGivesThePortBack() throws {
        let machine = try machine()
        try machine.file("/sys/bus/pci/drivers/vfio-pci/refuses", "")
        let result = try machine.run("scripts/nic", "bind", first)
        #expect(result.status == 1 && result.error.contains("vfio-pci did not take \(first)"), "\(result.error)")
        #expect(machine.driver(of: first) == "e1000e" && machine.text(override(first)) == "(null)")
        #expect(!machine.exists(state))
    }

    @Test func aDryRunChangesNothing() throws {
        let machine = try machine()
        let result = try machine.run("scripts/nic", "bind", "--dry-run", first)
        #expect(result.status == 0 && result.output.contains("echo \(first) > \(machine.root)\(probe)"), "\(result)")
        #expect(machine.takeLog().isEmpty && machine.driver(of: first) == "e1000e" && !machine.exists(state))
    }

    // MARK: What is refused

    @Test(arguments: ["IPv4", "IPv6", "bond", "bridge on VLAN on bond", "second next hop"])
    func thePortOfTheDefaultRouteIsRefused(way: String) throws {
        let machine = try machine()
        var route = "eno1"
        switch way {
        case "IPv6": try machine.routes(overIPv6: "eno1")
        case "bond", "bridge on VLAN on bond":
            let layers = way == "bond" ? ["bond0"] : ["bond0", "bond0.100", "br0"]
            for (lower, upper) in zip(["eno1"] + layers, layers) {
                try machine.link("/sys/class/net/\(upper)/lower_\(lower)", to: "../\(lower)")
            }
            route = layers.last ?? ""
            try machine.routes(overIPv4: route)
        case "second next hop":
            try machine.routes(overIPv4: "ens9")
            try machine.command(
                "ip",
                #"[ "$1" = -6 ] || printf 'default \n\tnexthop via 10.0.0.1 dev ens9 weight 1\n\tnexthop via 10.0.0.2 dev eno1 weight 1\n'"#
            )
        default: break
        }
        let words = route == "eno1" ? "default route (eno1)" : "default route (eno1 below \(route))"
        // The port before it is not touched either.
        let result = try machine.run("scripts/nic", "bind", first, management)
        #expect(
            result.status == 1 && result.error.contains(words) && result.error.contains("--force"), "\(result.error)")
        #expect(try machine.run("scripts/nic", "unbind", management).status == 1)
        #expect(machine.takeLog().isEmpty && machine.driver(of: first) == "e1000e")
        let forced = try machine.run("scripts/nic", "bind", "--force", management)
        #expect(forced.status == 0 && forced.output.contains("eno1 is up and goes away"), "\(forced.error)")
        #expect(machine.driver(of: management) == "vfio-pci")
    }

    @Test func mellanoxIsLeftAlone() throws {
        let machine = try machine()
        let bind = try machine.run("scripts/nic", "bind", mellanox)
        #expect(bind.status == 0 && bind.output.contains("mlx4 and mlx5 share the port with the kernel"), "\(bind)")
        let unbind = try machine.run("scripts/nic", "unbind", mellanox)
        #expect(unbind.status == 1 && unbind.error.contains("left alone"), "\(unbind)")
        #expect(machine.takeLog().isEmpty && machine.driver(of: mellanox) == "mlx5_core")
    }

    @Test func withoutAnIOMMUThePersonHasToInsist() throws {
        let machine = try machine(iommu: false)
        let refused = try machine.run("scripts/nic", "bind", first)
        #expect(refused.status == 78 && machine.takeLog().isEmpty)
        for word in ["IOMMU is off", "intel_iommu=on iommu=pt", "amd_iommu=on", "--no-iommu"] {
            #expect(refused.error.contains(word), "\(refused.error)")
        }
        let old = try machine.run("scripts/nic", "bind", "--no-iommu", first)
        #expect(old.status == 78 && old.error.contains("CONFIG_VFIO_NOIOMMU") && machine.takeLog().isEmpty)

        let mode = "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"
        try machine.file(mode, "N")
        let bound = try machine.run("scripts/nic", "bind", "--no-iommu", first)
        #expect(bound.status == 0 && machine.driver(of: first) == "vfio-pci", "\(bound.error)")
        #expect(machine.takeLog().prefix(2) == ["noiommu N - sysfs > \(state)", "Y > \(mode)"])
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        #expect(machine.text(mode) == "N" && machine.driver(of: first) == "e1000e" && !machine.exists(state))

        try machine.driver("uio_pci_generic")
        let uio = try machine.run("scripts/nic", "bind", "--driver", "uio_pci_generic", "--no-iommu", first)
        #expect(uio.status == 0 && machine.driver(of: first) == "uio_pci_generic", "\(uio.error)")
    }

    @Test func aNeighbourInTheGroupIsSaid() throws {
        let machine = try machine()
        try machine.device("0000:03:00.1", driver: "e1000e", interface: "ens1f1", group: 14)
        // What the kernel shows as the group's devices.
        for address in [first, "0000:03:00.1"] {
            try FileManager.default.removeItem(atPath: machine.root + "/sys/bus/pci/devices/\(address)/iommu_group")
            try machine.link(
                "/sys/bus/pci/devices/\(address)/iommu_group", to: "\(machine.root)/sys/kernel/iommu_groups/14")
        }
        let one = try machine.run("scripts/nic", "bind", first)
        #expect(one.status == 0 && one.error.contains("0000:03:00.1 shares IOMMU group 14"), "\(one)")
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        let both = try machine.run("scripts/nic", "bind", first, "0000:03:00.1")
        #expect(both.status == 0 && both.error.isEmpty, "\(both)")
    }

    @Test func aPortThatAProgramHoldsIsNotTakenFromIt() throws {
        let machine = try machine()
        #expect(try machine.run("scripts/nic", "bind", first).status == 0)
        _ = machine.takeLog()
        try machine.file("/dev/vfio/14", "")
        try machine.file("/proc/4242/comm", "wissel")
        try machine.link("/proc/4242/fd/7", to: machine.root + "/dev/vfio/14")
        for command in ["restore", "unbind"] {
            let result = try machine.run("scripts/nic", command, first)
            #expect(result.status == 1 && result.error.contains("process 4242 (wissel) holds \(first)"), "\(result)")
        }
        #expect(machine.takeLog().isEmpty && machine.driver(of: first) == "vfio-pci" && machine.exists(state))
        try FileManager.default.removeItem(atPath: machine.root + "/proc/4242")
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        #expect(machine.driver(of: first) == "e1000e")
    }

    // MARK: Modules, reboots, rights

    @Test func aMissingModuleIsLoadedOrTheRemedySaid() throws {
        let machine = try machine(vfio: false)
        try machine.command("modprobe", "log modprobe \"$@\"; exit 1")
        let missing = try machine.run("scripts/nic", "bind", first)
        #expect(missing.status == 78 && missing.error.contains("CONFIG_VFIO_PCI"), "\(missing.error)")
        #expect(machine.takeLog() == ["modprobe vfio-pci"] && machine.driver(of: first) == "e1000e")
        try machine.command("modprobe", "log modprobe \"$@\"; mkdir \"$sys/bus/pci/drivers/$1\"")
        #expect(try machine.run("scripts/nic", "bind", first).status == 0)
        #expect(machine.takeLog().first == "modprobe vfio-pci" && machine.driver(of: first) == "vfio-pci")
    }

    @Test func driverctlCarriesABindingOverAReboot() throws {
        let machine = try machine()
        let without = try machine.run("scripts/nic", "bind", "--persistent", second)
        #expect(without.status == 0 && without.error.contains("apt install driverctl"), "\(without.error)")
        #expect(machine.text("/var/lib/wissel/nic") == "\(second) ice - sysfs" && !machine.exists(state))
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        _ = machine.takeLog()

        try machine.command(
            "driverctl",
            #"""
            log driverctl "$@"
            device=$sys/bus/pci/devices/$2
            rm "$device/driver"
            driver=${3:-$(cat "$device/usual-driver")}
            ln -s "../../drivers/$driver" "$device/driver"
            """#)
        #expect(try machine.run("scripts/nic", "bind", "--persistent", second).status == 0)
        #expect(
            machine.takeLog() == [
                "\(second) ice - driverctl > /var/lib/wissel/nic", "driverctl set-override \(second) vfio-pci",
            ])
        #expect(machine.driver(of: second) == "vfio-pci")
        #expect(try machine.run("scripts/nic", "restore").status == 0)
        #expect(machine.takeLog() == ["driverctl unset-override \(second)"])
        #expect(machine.driver(of: second) == "ice" && !machine.exists("/var/lib/wissel/nic"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give its rights away"))
    func missingRightsAreSaid() throws {
        let machine = try machine()
        try machine.pool(kibibytes: 2048)
        #expect(chmod(machine.root + probe, 0o444) == 0)
        #expect(chmod(machine.root + "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", 0o444) == 0)
        for words in [["scripts/nic", "bind", first], ["hugepages/reserve"]] {
            let result = try machine.run(
                words[0], arguments: Array(words.dropFirst()),
                through: ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all"])
            #expect(result.status == 77 && result.error.contains("cannot be written, not even by root"), "\(result)")
        }
        #expect(machine.takeLog().isEmpty)
    }

    // MARK: Arguments

    @Test(arguments: [
        [], ["show"], ["bind"], ["unbind"], ["bind", "eth0"], ["bind", "--driver"],
        ["bind", "--driver", "e1000e", "03:00.0"],
        ["bind", "--json", "03:00.0"], ["list", "03:00.0"], ["list", "--force"], ["restore", "--force"],
        ["unbind", "--driver", "vfio-pci", "03:00.0"], ["bind", "03:00.9"], ["bind", "--all"],
    ])
    func wrongArguments(arguments: [String]) throws {
        let machine = try machine()
        let result = try machine.run("scripts/nic", arguments: arguments)
        #expect(result.status == 64 && !result.error.isEmpty && machine.takeLog().isEmpty, "\(result)")
    }

    @Test func whatIsNoNetworkPortIsRefused() throws {
        let machine = try machine()
        let missing = try machine.run("scripts/nic", "bind", "99:00.0")
        #expect(missing.status == 1 && missing.error.contains("no PCI device 0000:99:00.0"), "\(missing.error)")
        let disk = try machine.run("scripts/nic", "bind", "--force", "00:1f.2")
        #expect(disk.status == 1 && disk.error.contains("no network device (class 0x010601)"), "\(disk.error)")
        #expect(machine.takeLog().isEmpty)
    }
}
