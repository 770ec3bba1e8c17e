// swift-tools-version: 6.2
import PackageDescription

// Programs that scripts/bench and scripts/strangers run. A package of its own, so that a build of unmask does not compile them.
// What they import is internal to unmask: build with `-Xswiftc -enable-testing`.

/// A program in the folder `folder`.
func program(_ name: String, in folder: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.product(name: "UnmaskLibrary", package: "unmask")], path: folder,
    swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
}

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "unmask", path: "../..")],
  targets: [
    program("GramBenchmark", in: "Gram"),
    program("BasisBenchmark", in: "Basis"),
    program("Strangers", in: "Strangers"),
  ]
)
