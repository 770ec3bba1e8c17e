// swift-tools-version: 6.2
import PackageDescription

// One target is one layer; a target may import only what is listed here (scripts/check enforces it).
// From bytes to verdict: MemoryMapping → TensorFiles → Safetensors → Checkpoints → ModelAnatomy → WeightSimilarity → Lineage → Reports → Commands.

let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "unmask",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "unmask", targets: ["unmask"]),
    // For Tests/Fuzz, a package of its own; no promise to anybody else.
    .library(name: "UnmaskLibrary", targets: ["JSON", "TensorFiles", "Safetensors", "Checkpoints", "ModelAnatomy", "Commands"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // Opens OpenBLAS at the first call; see its header.
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CKernels"),
    // Opens OpenSSL's libcrypto at the first call; see its header.
    .target(name: "CSHA256", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "ElementTypes", dependencies: ["CKernels"], swiftSettings: house),
    .target(name: "Quantisation", dependencies: ["ElementTypes", "CKernels"], swiftSettings: house),
    .target(name: "CMappingGuard"),
    .target(name: "CInternalFault"),
    .target(name: "MemoryMapping", dependencies: ["CMappingGuard"], swiftSettings: house),
    // The JSON scanner borrows the text's bytes for as long as it lives.
    .target(name: "JSON", swiftSettings: house + [.enableExperimentalFeature("Lifetimes")]),
    .target(name: "TensorFiles", dependencies: ["MemoryMapping", "ElementTypes", "JSON"], swiftSettings: house),
    .target(
      name: "Safetensors", dependencies: ["TensorFiles", "ElementTypes", "JSON"],
      swiftSettings: house + [.enableExperimentalFeature("Lifetimes")]),
    .target(
      name: "Checkpoints", dependencies: ["Safetensors", "TensorFiles", "MemoryMapping", "JSON", "CSHA256"], swiftSettings: house),
    .target(
      name: "LinearAlgebra",
      dependencies: ["ElementTypes", "CKernels", "COpenBLAS", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    .target(
      name: "ModelAnatomy",
      dependencies: [
        "Checkpoints", "TensorFiles", "JSON", "Quantisation", "ElementTypes",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "WeightSimilarity",
      dependencies: [
        "ModelAnatomy", "Checkpoints", "TensorFiles", "LinearAlgebra", "ElementTypes",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Lineage", dependencies: ["WeightSimilarity", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    .target(
      name: "Reports",
      dependencies: ["Lineage", "WeightSimilarity", "ModelAnatomy", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    .target(
      name: "Commands",
      dependencies: [
        "Reports", "Lineage", "WeightSimilarity", "ModelAnatomy", "Checkpoints", "TensorFiles", "MemoryMapping", "CInternalFault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: house),
    .executableTarget(name: "unmask", dependencies: ["Commands"], swiftSettings: house),

    // Run by scripts/bench.
    .executableTarget(
      name: "GramBenchmark", dependencies: ["WeightSimilarity", "ModelAnatomy", "Checkpoints"], path: "Tests/Benchmarks/Gram",
      swiftSettings: house),
    .executableTarget(
      name: "BasisBenchmark", dependencies: ["WeightSimilarity", "ModelAnatomy", "Checkpoints"], path: "Tests/Benchmarks/Basis",
      swiftSettings: house),
    .executableTarget(
      name: "Strangers", dependencies: ["WeightSimilarity", "LinearAlgebra", "TestKit"], path: "Tests/Benchmarks/Strangers",
      swiftSettings: house),
    .target(
      name: "TestKit", dependencies: ["TensorFiles", "MemoryMapping", "JSON", "ElementTypes"], path: "Tests/TestKit",
      swiftSettings: house),
    .testTarget(name: "ElementTypesTests", dependencies: ["ElementTypes", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "QuantisationTests", dependencies: ["Quantisation", "ElementTypes", "CKernels", "TestKit"], swiftSettings: house),
    .testTarget(name: "MemoryMappingTests", dependencies: ["MemoryMapping", "TestKit"], swiftSettings: house),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
    .testTarget(
      name: "TensorFilesTests", dependencies: ["TensorFiles", "MemoryMapping", "JSON", "ElementTypes", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "SafetensorsTests", dependencies: ["Safetensors", "TensorFiles", "ElementTypes", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Checkpoints", "Safetensors", "TensorFiles", "MemoryMapping", "JSON", "ElementTypes", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "ElementTypes", "CKernels", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "ModelAnatomyTests",
      dependencies: ["ModelAnatomy", "Checkpoints", "TensorFiles", "JSON", "Quantisation", "ElementTypes", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "WeightSimilarityTests",
      dependencies: [
        "WeightSimilarity", "LinearAlgebra", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "TestKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "LineageTests",
      dependencies: ["Lineage", "WeightSimilarity", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "TestKit"],
      swiftSettings: house),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Lineage", "WeightSimilarity", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "TestKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Commands", "Lineage", "WeightSimilarity", "ModelAnatomy", "Checkpoints", "Safetensors", "TensorFiles", "ElementTypes",
        "TestKit",
      ],
      swiftSettings: house),
  ]
)
