// swift-tools-version: 6.2
import PackageDescription

// Built by scripts/fuzz, with the fuzzer and the address sanitizer in every module.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "unmask", path: "../..")],
  targets: [
    .target(name: "CFuzz"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CFuzz", .product(name: "UnmaskLibrary", package: "unmask")],
      swiftSettings: [
        .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"), .unsafeFlags(["-parse-as-library"]),
      ]),
  ]
)
