// swift-tools-version: 6.2
import PackageDescription

// One target is one layer; a target may import only what is listed here (scripts/check enforces it).
// From bytes to verdict: MemoryMapping → Safetensors → ModelAnatomy → WeightSimilarity → Matching, BasisRecovery, ChangeAnalysis → Lineage
// → Reports → Commands.

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
    .library(name: "UnmaskLibrary", targets: ["Safetensors", "ModelAnatomy", "Commands"]),
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
    .target(
      name: "Safetensors",
      dependencies: ["MemoryMapping", "ElementTypes", "CSHA256"],
      // The JSON scanner borrows the header's bytes for as long as it lives.
      swiftSettings: house + [.enableExperimentalFeature("Lifetimes")]),
    .target(
      name: "LinearAlgebra",
      dependencies: ["ElementTypes", "CKernels", "COpenBLAS", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    .target(
      name: "ModelAnatomy",
      dependencies: ["Safetensors", "Quantisation", "ElementTypes", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: house),
    // Shares work between threads.
    .target(name: "Threads", swiftSettings: house),
    // Compares the weights of two or more models.
    .target(
      name: "WeightSimilarity",
      dependencies: [
        "ModelAnatomy", "Safetensors", "LinearAlgebra", "ElementTypes", "Threads",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    // Chooses which weight is compared with which.
    .target(
      name: "Matching", dependencies: ["WeightSimilarity", "ModelAnatomy", "Safetensors", "Threads"], swiftSettings: house),
    // Finds a foundation's neurons in a candidate, whatever the basis, and undoes masks.
    .target(
      name: "BasisRecovery",
      dependencies: [
        "WeightSimilarity", "ModelAnatomy", "Safetensors", "LinearAlgebra", "Threads",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    // Tells what tuning changed.
    .target(
      name: "ChangeAnalysis",
      dependencies: [
        "WeightSimilarity", "ModelAnatomy", "Safetensors", "LinearAlgebra", "ElementTypes", "Threads",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Lineage",
      dependencies: [
        "WeightSimilarity", "BasisRecovery", "ChangeAnalysis", "ModelAnatomy",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Reports",
      dependencies: [
        "Lineage", "WeightSimilarity", "BasisRecovery", "ChangeAnalysis", "ModelAnatomy",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: house),
    .target(
      name: "Commands",
      dependencies: [
        "Reports", "Lineage", "WeightSimilarity", "Matching", "BasisRecovery", "ChangeAnalysis", "Threads", "ModelAnatomy",
        "Safetensors", "CInternalFault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: house),
    .executableTarget(name: "unmask", dependencies: ["Commands"], swiftSettings: house),

    // Run by scripts/bench.
    .executableTarget(
      name: "GramBenchmark", dependencies: ["WeightSimilarity", "Threads", "ModelAnatomy", "Safetensors"],
      path: "Tests/Benchmarks/Gram",
      swiftSettings: house),
    .executableTarget(
      name: "BasisBenchmark", dependencies: ["BasisRecovery", "Threads", "ModelAnatomy", "Safetensors"],
      path: "Tests/Benchmarks/Basis",
      swiftSettings: house),
    .executableTarget(
      name: "Strangers", dependencies: ["BasisRecovery", "WeightSimilarity", "Threads", "LinearAlgebra", "TestKit"],
      path: "Tests/Benchmarks/Strangers",
      swiftSettings: house),
    .target(name: "TestKit", dependencies: ["ElementTypes"], path: "Tests/TestKit", swiftSettings: house),
    .testTarget(name: "ElementTypesTests", dependencies: ["ElementTypes", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "QuantisationTests", dependencies: ["Quantisation", "ElementTypes", "CKernels", "TestKit"], swiftSettings: house),
    .testTarget(name: "MemoryMappingTests", dependencies: ["MemoryMapping", "TestKit"], swiftSettings: house),
    .testTarget(name: "SafetensorsTests", dependencies: ["Safetensors", "ElementTypes", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "ElementTypes", "CKernels", "TestKit"], swiftSettings: house),
    .testTarget(
      name: "ModelAnatomyTests", dependencies: ["ModelAnatomy", "Safetensors", "Quantisation", "ElementTypes", "TestKit"],
      swiftSettings: house),
    // Models of seeded numbers in files, for the tests of several targets.
    .target(
      name: "ModelKit",
      dependencies: ["WeightSimilarity", "ModelAnatomy", "Safetensors", "ElementTypes", "Threads", "TestKit"],
      path: "Tests/ModelKit",
      swiftSettings: house),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: house),
    .testTarget(
      name: "WeightSimilarityTests",
      dependencies: [
        "WeightSimilarity", "LinearAlgebra", "ModelAnatomy", "Safetensors", "ElementTypes", "Threads", "TestKit", "ModelKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "MatchingTests",
      dependencies: [
        "Matching", "WeightSimilarity", "ModelAnatomy", "Safetensors", "ElementTypes", "Threads", "TestKit", "ModelKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "BasisRecoveryTests",
      dependencies: [
        "BasisRecovery", "WeightSimilarity", "LinearAlgebra", "ModelAnatomy", "Safetensors", "ElementTypes", "Threads", "TestKit",
        "ModelKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "ChangeAnalysisTests",
      dependencies: [
        "ChangeAnalysis", "WeightSimilarity", "ModelAnatomy", "Safetensors", "ElementTypes", "Threads", "TestKit", "ModelKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "LineageTests",
      dependencies: [
        "Lineage", "WeightSimilarity", "Matching", "BasisRecovery", "ChangeAnalysis", "Threads", "ModelAnatomy", "Safetensors",
        "ElementTypes", "TestKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Lineage", "WeightSimilarity", "BasisRecovery", "ChangeAnalysis", "Threads", "ModelAnatomy", "Safetensors",
        "ElementTypes", "TestKit",
      ],
      swiftSettings: house),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Commands", "Lineage", "WeightSimilarity", "Threads", "ModelAnatomy", "Safetensors", "ElementTypes", "TestKit",
      ],
      swiftSettings: house),
  ]
)
