// swift-tools-version: 6.2
import PackageDescription

// DPDK's pkg-config file has a multi-line description that SwiftPM's parser does not read, so its flags stand here.
// The paths are those of Debian's libdpdk-dev; rte_memcpy needs SSSE3, hence corei7, DPDK's own baseline.
let dpdkCompilerFlags = [
    "-I/usr/include/dpdk", "-I/usr/include/x86_64-linux-gnu/dpdk", "-include", "rte_config.h", "-march=corei7",
]
let dpdkImportFlags = dpdkCompilerFlags.flatMap { ["-Xcc", $0] }
let dpdkLibraries = [
    "rte_eal", "rte_ethdev", "rte_mbuf", "rte_mempool", "rte_ring", "rte_net", "rte_kvargs", "rte_telemetry",
    "rte_bus_vdev", "rte_bus_pci", "rte_pdump",
]

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// Targets a packet or an order passes through: exclusivity is proven by tests in debug and not paid for in release.
let dataPlane: [SwiftSetting] =
    strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
let usesDPDK: [SwiftSetting] = [.unsafeFlags(dpdkImportFlags)]
/// The engine_* functions a public benchmark calls are there only when scripts/bench asks for them.
let buildsYardstick = Context.environment["WISSEL_YARDSTICK"] != nil

let package = Package(
    name: "wissel",
    products: [.executable(name: "wissel", targets: ["WisselCLI"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .target(
            name: "CPlatform",
            linkerSettings: [
                .linkedLibrary("numa"), .linkedLibrary("isal"), .linkedLibrary("uring"), .linkedLibrary("zstd"),
            ]),
        .target(
            name: "CDPDK", cSettings: [.unsafeFlags(dpdkCompilerFlags)],
            linkerSettings: (dpdkLibraries + ["pcap"]).map { .linkedLibrary($0) }),
        .target(name: "Runtime", dependencies: ["CPlatform"], swiftSettings: dataPlane),
        .target(name: "Wire", swiftSettings: dataPlane),
        .target(name: "NetStack", dependencies: ["Wire", "Runtime", "CPlatform"], swiftSettings: dataPlane),
        .target(name: "Edge", dependencies: ["Wire", "Runtime"], swiftSettings: dataPlane),
        .target(
            name: "Ethdev", dependencies: ["CDPDK", "CPlatform", "NetStack", "Runtime"],
            swiftSettings: dataPlane + usesDPDK),
        .target(name: "Orders", swiftSettings: dataPlane),
        .target(
            name: "OrderEntry", dependencies: ["Orders"], exclude: ["README.md"], swiftSettings: dataPlane),
        .target(
            name: "Risk", dependencies: ["Orders", "Runtime"], exclude: ["README.md", "Rules/README.md"],
            swiftSettings: dataPlane),
        .target(
            name: "Matching", dependencies: ["Orders"],
            exclude: buildsYardstick ? ["README.md"] : ["README.md", "Yardstick"],
            swiftSettings: dataPlane),
        .target(
            name: "Journal", dependencies: ["Orders", "CPlatform", "Runtime"], exclude: ["README.md"],
            swiftSettings: dataPlane),
        .target(name: "MarketData", dependencies: ["Wire", "Runtime"], swiftSettings: dataPlane),
        .target(
            name: "Node",
            dependencies: [
                "Runtime", "Wire", "NetStack", "Edge", "Orders", "OrderEntry", "Risk", "Matching", "Journal",
                "MarketData", "Yams",
            ], swiftSettings: dataPlane),
        .target(
            name: "LoadClient",
            dependencies: [
                "Orders", "OrderEntry", "CPlatform", "Runtime",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "WisselCLI",
            dependencies: [
                "Node", "Edge", "Ethdev", "CDPDK", "LoadClient", "NetStack", "MarketData", "Journal", "CPlatform",
                "Runtime", "Orders", "OrderEntry", "Wire", "Matching", "Risk",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], exclude: ["Doctor/README.md"], swiftSettings: dataPlane + usesDPDK),
        .target(
            name: "TestSupport", dependencies: ["Matching", "NetStack", "Orders", "Risk", "Runtime", "Wire"],
            path: "Tests/Support", swiftSettings: strict),
        // Counts calls of the heap and of reference counting, in tests alone.
        .target(name: "CCounting", path: "Tests/CCounting"),
        .testTarget(
            name: "RuntimeTests", dependencies: ["Runtime", "CPlatform", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Wire", "Runtime", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "NetStackTests", dependencies: ["NetStack", "Edge", "Wire", "Runtime", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EdgeTests", dependencies: ["Edge", "Wire", "Runtime", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EthdevTests",
            dependencies: ["Ethdev", "CPlatform", "NetStack", "Runtime", "Node", "LoadClient", "Wire", "TestSupport"],
            swiftSettings: strict + usesDPDK),
        .testTarget(name: "OrdersTests", dependencies: ["Orders"], swiftSettings: strict),
        .testTarget(name: "OrderEntryTests", dependencies: ["OrderEntry", "Orders", "Runtime"], swiftSettings: strict),
        .testTarget(
            name: "RiskTests", dependencies: ["Risk", "Orders", "Runtime", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "MatchingTests", dependencies: ["Matching", "Orders", "Runtime", "TestSupport"], swiftSettings: strict
        ),
        .testTarget(
            name: "JournalTests", dependencies: ["Journal", "Orders", "Runtime", "CPlatform", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "MarketDataTests", dependencies: ["MarketData", "NetStack", "Wire", "Runtime", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "NodeTests",
            dependencies: [
                "Node", "NetStack", "Wire", "Runtime", "Orders", "OrderEntry", "LoadClient", "Journal", "MarketData",
                "Edge", "Risk", "TestSupport", "CCounting",
            ], swiftSettings: strict),
        .testTarget(
            name: "LoadClientTests", dependencies: ["LoadClient", "OrderEntry", "Orders", "Runtime"],
            swiftSettings: strict),
        .testTarget(
            name: "WisselCLITests",
            dependencies: ["WisselCLI", "LoadClient", "NetStack", "Orders", "Runtime", "Wire", "TestSupport"],
            swiftSettings: strict + usesDPDK),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer's targets have no main function, so they are there only when scripts/fuzz asks for them.
if Context.environment["WISSEL_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Edge", "Ethdev", "Journal", "MarketData", "NetStack", "Node", "OrderEntry", "Orders", "Risk",
                "Runtime", "TestSupport", "Wire", "CPlatform",
            ], path: "Tests/Fuzz", exclude: ["README.md", "Corpus"], swiftSettings: strict + usesDPDK))
}

if buildsYardstick {
    package.products.append(.library(name: "WisselMatchingYardstick", type: .dynamic, targets: ["Matching"]))
}
