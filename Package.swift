// swift-tools-version: 6.2
import PackageDescription

// One target is one layer. The list of targets is the order of the layers, from the bottom up: a target depends only on targets
// above it in this list, and its files import only what it lists here. scripts/check-structure holds the sources to both.

let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A layer in Swift.
func layer(
  _ name: String, _ dependencies: [Target.Dependency] = [], excluding: [String] = [], settings: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: excluding, swiftSettings: house + settings)
}

/// A layer in C. `opens` is true where it opens a library of the system at run time.
func cLayer(_ name: String, _ dependencies: [Target.Dependency] = [], opens: Bool = false) -> Target {
  .target(name: name, dependencies: dependencies, linkerSettings: opens ? [.linkedLibrary("dl", .when(platforms: [.linux]))] : [])
}

/// The tests of a target, which may also import `others`. In an optimised build the tested code is optimised, and the tests are not, which
/// halves the time of their compilation; `computes` is true for tests that work so much themselves that they run ten times as long then.
func tests(of target: String, _ others: [Target.Dependency] = [], computes: Bool = false) -> Target {
  .testTarget(
    name: target + "Tests", dependencies: [.byName(name: target)] + others + ["TestKit"],
    swiftSettings: house + (computes ? [] : [.unsafeFlags(["-Onone"], .when(configuration: .release))]))
}

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "unmask",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "unmask", targets: ["UnmaskTool"]),
    .library(name: "Unmask", targets: ["Unmask"]),
    // For the packages Tests/Fuzz and Tests/Benchmarks; no promise to anybody else.
    .library(
      name: "UnmaskLibrary",
      targets: [
        "JSON", "Records", "TensorFiles", "Safetensors", "GGUF", "PyTorchFiles", "Checkpoints", "LinearAlgebra", "RoleInference",
        "WeightSimilarity", "NeuronTables", "BasisRecovery", "Lineage", "Unmask", "Commands",
        "TestKit",
      ]),
  ],
  // Exact versions, because the same sources must give the same program on every machine and no Package.resolved is kept.
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    cLayer("COpenBLAS", opens: true),
    cLayer("CKernels"),
    cLayer("CSHA256", opens: true),
    cLayer("CSQLite", opens: true),
    cLayer("CPostgres", opens: true),
    cLayer("CSweeps"),
    cLayer("CCurl", opens: true),
    cLayer("CMappingGuard"),
    cLayer("CInternalFault"),
    // scripts/build writes commit.h beside its only file.
    cLayer("CProgramFacts", ["COpenBLAS"], opens: true),
    layer("ProgramIdentity", ["CKernels", "CProgramFacts"]),
    layer("MemoryMapping", ["CMappingGuard"]),
    layer("ElementTypes", ["CKernels"]),
    layer("Quantisation", ["ElementTypes", "CKernels"]),
    layer("Records", [systemPackage]),
    layer("ReadingFacts"),
    layer("Threads"),
    // The JSON scanner borrows the text's bytes for as long as it lives.
    layer("JSON", settings: [.enableExperimentalFeature("Lifetimes")]),
    layer("TensorFiles", ["JSON", "MemoryMapping", "ElementTypes", "ReadingFacts"]),
    layer(
      "Safetensors", ["TensorFiles", "JSON", "ElementTypes", "ReadingFacts"], settings: [.enableExperimentalFeature("Lifetimes")]),
    layer("GGUF", ["TensorFiles", "Quantisation", "JSON", "ElementTypes", "ReadingFacts"]),
    layer("PyTorchFiles", ["TensorFiles", "ElementTypes", "ReadingFacts"]),
    layer(
      "Checkpoints",
      ["PyTorchFiles", "GGUF", "Safetensors", "TensorFiles", "JSON", "MemoryMapping", "ReadingFacts", "Threads", "CSHA256"]),
    layer("Hub", ["TensorFiles", "JSON", "MemoryMapping", "CCurl"], settings: [.enableExperimentalFeature("Lifetimes")]),
    layer("LinearAlgebra", ["ElementTypes", "CKernels", "COpenBLAS", realModule]),
    layer("TensorViews", ["Checkpoints", "TensorFiles", "JSON", "Quantisation", "ElementTypes"]),
    layer("Adapters", ["TensorViews", "Checkpoints", "TensorFiles", "JSON", "ElementTypes", "ReadingFacts"]),
    layer("ModelCards", ["Checkpoints", "TensorFiles", "JSON", "MemoryMapping"]),
    // Embeds the table of architectures, a file of ModelAnatomy; see its header.
    cLayer("CArchitectures"),
    layer(
      "ModelAnatomy",
      [
        "CArchitectures", "Adapters", "TensorViews", "Checkpoints", "TensorFiles", "JSON", "ElementTypes", "ReadingFacts",
        realModule,
      ],
      excluding: ["Architectures/architectures.txt"]),
    layer(
      "RoleInference", ["ModelAnatomy", "Adapters", "TensorViews", "Checkpoints", "TensorFiles", "ReadingFacts", realModule]),
    layer("FixedRows", ["ModelAnatomy", "LinearAlgebra"]),
    layer("ReadAhead", ["ModelAnatomy", "TensorFiles", "Threads"]),
    layer(
      "WeightSimilarity",
      [
        "Threads", "ReadAhead", "FixedRows", "ModelAnatomy", "Adapters", "TensorViews", "Checkpoints", "TensorFiles",
        "LinearAlgebra", "ReadingFacts", "Records", "ElementTypes", realModule,
      ]),
    layer("Matching", ["WeightSimilarity", "RoleInference", "ModelAnatomy", "TensorViews", "TensorFiles", "Threads"]),
    layer(
      "BasisRecovery",
      ["WeightSimilarity", "ModelAnatomy", "Checkpoints", "TensorFiles", "LinearAlgebra", "Threads", realModule]),
    layer(
      "NeuronTables",
      ["BasisRecovery", "WeightSimilarity", "ModelAnatomy", "LinearAlgebra", "Records", "Threads", realModule]),
    layer(
      "Sketches",
      [
        "NeuronTables", "WeightSimilarity", "FixedRows", "ModelAnatomy", "Checkpoints", "TensorFiles", "LinearAlgebra",
        "CSweeps", "Records", "Threads", realModule,
      ]),
    layer("Catalogue", ["Sketches", "NeuronTables", "JSON", "CPostgres", "CSQLite", "CSweeps"]),
    layer(
      "AttentionCircuits",
      ["WeightSimilarity", "ModelAnatomy", "Checkpoints", "TensorFiles", "LinearAlgebra", "Threads", realModule]),
    layer(
      "ChangeAnalysis",
      [
        "WeightSimilarity", "ModelAnatomy", "TensorFiles", "LinearAlgebra", "ElementTypes", "Threads", realModule,
      ]),
    layer(
      "MergeAnalysis",
      ["WeightSimilarity", "ModelAnatomy", "TensorFiles", "LinearAlgebra", "ElementTypes", "Records", realModule]),
    layer("Graphs"),
    layer(
      "Lineage",
      [
        "Graphs", "WeightSimilarity", "AttentionCircuits", "BasisRecovery", "NeuronTables", "ChangeAnalysis", "MergeAnalysis",
        "Adapters",
        "ReadingFacts",
        "Records", realModule,
      ]),
    layer("CardFindings", ["Lineage", "WeightSimilarity", "ModelCards"]),
    layer(
      "Unmask",
      [
        "CardFindings", "ModelCards", "Lineage", "MergeAnalysis", "Catalogue", "ChangeAnalysis", "NeuronTables",
        "AttentionCircuits", "BasisRecovery", "Matching", "WeightSimilarity", "LinearAlgebra", "ProgramIdentity",
        "RoleInference", "ModelAnatomy", "Adapters", "Hub", "Checkpoints", "TensorFiles", "MemoryMapping", "ReadingFacts",
        "Records", "Threads", systemPackage,
      ]),
    layer("Pictures", [realModule]),
    layer(
      "CatalogueSearch",
      [
        "Unmask", "Catalogue", "Sketches", "Lineage", "NeuronTables", "WeightSimilarity", "ModelAnatomy", "Adapters",
        "Checkpoints",
        "TensorFiles",
        "MemoryMapping", "Threads",
      ]),
    layer("TextFormats", ["Pictures"]),
    layer(
      "ModelLocks",
      [
        "TextFormats", "CatalogueSearch", "Unmask", "Catalogue", "Sketches", "Lineage", "ModelAnatomy",
        "Checkpoints", "TensorFiles", "JSON", "MemoryMapping", "Threads",
      ]),
    layer(
      "Reports",
      [
        "TextFormats", "CatalogueSearch",
        "Pictures", "Unmask", "CardFindings", "Lineage", "MergeAnalysis", "Catalogue", "ChangeAnalysis", "WeightSimilarity",
        "ModelAnatomy", "ModelCards", "Adapters", "ReadingFacts", "ProgramIdentity",
      ]),
    // Reports as HTML files.
    layer(
      "ReportPages",
      [
        "Reports", "TextFormats", "Pictures", "Unmask", "CardFindings", "Lineage", "WeightSimilarity", "ModelAnatomy",
        "ReadingFacts",
        "ProgramIdentity",
      ]),
    // What other tools and lock files say of results.
    layer(
      "AuditReports",
      [
        "Reports", "ModelLocks", "TextFormats", "CatalogueSearch", "Pictures", "Unmask", "CardFindings", "Lineage", "Catalogue",
        "Sketches", "WeightSimilarity", "ModelAnatomy", "ModelCards", "Checkpoints", "TensorFiles", "Threads", "ProgramIdentity",
        realModule,
      ]),
    layer(
      "CatalogueReports",
      [
        "ReportPages", "Reports", "TextFormats", "CatalogueSearch", "Pictures", "Unmask", "Lineage", "Catalogue", "Sketches",
        realModule,
      ]),
    layer(
      "Commands",
      [
        "CatalogueReports", "AuditReports", "ReportPages", "ModelLocks", "CatalogueSearch", "Reports", "TextFormats", "Pictures",
        "Unmask", "ProgramIdentity", "Threads", "CInternalFault", argumentParser,
        systemPackage,
      ]),
    .executableTarget(name: "UnmaskTool", dependencies: ["Commands"], swiftSettings: house),

    .target(
      name: "TestKit", dependencies: ["TensorFiles", "JSON", "MemoryMapping", "ElementTypes", "ReadingFacts"],
      path: "Tests/TestKit",
      swiftSettings: house),
    tests(of: "ElementTypes"),
    tests(of: "Quantisation", ["ElementTypes", "CKernels"], computes: true),
    tests(of: "Records"),
    tests(of: "MemoryMapping", computes: true),
    tests(of: "JSON"),
    tests(of: "TensorFiles", ["JSON", "MemoryMapping", "ElementTypes"]),
    tests(of: "Safetensors", ["TensorFiles", "ElementTypes", "ReadingFacts"]),
    tests(of: "GGUF", ["TensorFiles", "JSON", "Quantisation", "ElementTypes", "ReadingFacts"]),
    tests(of: "PyTorchFiles", ["Safetensors", "TensorFiles", "ElementTypes", "ReadingFacts"]),
    tests(of: "Checkpoints", ["Safetensors", "TensorFiles", "JSON", "MemoryMapping", "ElementTypes", "ReadingFacts"]),
    tests(of: "LinearAlgebra", ["ElementTypes", "CKernels"], computes: true),
    tests(of: "TensorViews", ["RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "Quantisation", "ElementTypes"]),
    tests(of: "Adapters", ["TensorViews", "JSON", "Checkpoints", "TensorFiles", "ElementTypes", "ReadingFacts"]),
    tests(of: "ModelCards", ["Checkpoints", "TensorFiles", "ElementTypes"]),
    tests(
      of: "ModelAnatomy",
      [
        "RoleInference", "Adapters", "TensorViews", "JSON", "Checkpoints", "TensorFiles", "Quantisation", "ElementTypes",
        "ReadingFacts",
      ]),
    tests(of: "RoleInference", ["ModelAnatomy", "TensorViews", "Safetensors", "Checkpoints", "TensorFiles", "ElementTypes"]),
    // Models of seeded numbers in files, for the tests of several targets.
    .target(
      name: "ModelKit",
      dependencies: [
        "WeightSimilarity", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "Threads", "TestKit",
      ],
      path: "Tests/ModelKit", swiftSettings: house),
    tests(of: "Threads"),
    tests(of: "FixedRows", ["LinearAlgebra"]),
    tests(of: "ReadAhead"),
    tests(
      of: "WeightSimilarity",
      [
        "ModelKit", "Threads", "LinearAlgebra", "RoleInference", "ModelAnatomy", "Safetensors", "Checkpoints", "TensorFiles",
        "ElementTypes",
      ]),
    tests(
      of: "Matching",
      ["WeightSimilarity", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "Threads", "ModelKit"]),
    tests(
      of: "BasisRecovery",
      [
        "WeightSimilarity", "LinearAlgebra", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes",
        "Threads", "ModelKit",
      ]),
    tests(
      of: "NeuronTables",
      [
        "BasisRecovery", "WeightSimilarity", "LinearAlgebra", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles",
        "Threads", realModule,
      ], computes: true),
    tests(
      of: "Sketches",
      [
        "WeightSimilarity", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes", "Threads", "ModelKit",
        realModule,
      ]),
    tests(of: "Catalogue", ["Sketches"]),
    tests(
      of: "AttentionCircuits",
      [
        "WeightSimilarity", "LinearAlgebra", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles", "ElementTypes",
        "Threads", "ModelKit",
      ]),
    tests(
      of: "ChangeAnalysis",
      [
        "WeightSimilarity", "RoleInference", "ModelAnatomy", "Safetensors", "Checkpoints", "TensorFiles", "ElementTypes",
        "Threads", "ModelKit",
      ]),
    tests(of: "MergeAnalysis", ["WeightSimilarity", "ModelAnatomy", "Records", realModule], computes: true),
    tests(of: "Graphs"),
    tests(
      of: "Lineage",
      [
        "WeightSimilarity", "Matching", "AttentionCircuits", "BasisRecovery", "ChangeAnalysis", "MergeAnalysis", "Adapters",
        "RoleInference",
        "ModelAnatomy", "Checkpoints", "TensorFiles", "ReadingFacts", "Records", "ElementTypes", "Threads",
      ]),
    tests(of: "CardFindings", ["Lineage", "WeightSimilarity", "ModelCards", "ElementTypes", "ModelKit"]),
    tests(
      of: "Unmask",
      [
        "Lineage", "BasisRecovery", "ChangeAnalysis", "Matching", "WeightSimilarity", "RoleInference", "ModelAnatomy",
        "Safetensors", "Checkpoints", "TensorFiles", "ElementTypes", "Records", "Threads", "ModelKit",
      ]),
    // Against the server of Tests/Hub.
    tests(
      of: "Hub",
      [
        "Commands", "Unmask", "WeightSimilarity", "Matching", "RoleInference", "ModelAnatomy", "Checkpoints", "TensorFiles",
        "MemoryMapping",
        "JSON", "ElementTypes", "Threads",
      ]),
    tests(of: "Pictures"),
    // A comparison of two small models, for the tests of reports and of pages.
    .target(
      name: "ReportKit",
      dependencies: [
        "Reports", "Lineage", "WeightSimilarity", "RoleInference", "ModelAnatomy", "Checkpoints", "ElementTypes", "Threads",
        "TestKit",
      ],
      path: "Tests/ReportKit", swiftSettings: house),
    tests(
      of: "ReportPages",
      [
        "ReportKit", "Reports", "TextFormats", "Pictures", "Unmask", "Lineage", "ModelAnatomy", "WeightSimilarity", "Checkpoints",
        "TensorFiles",
        "Threads", "ProgramIdentity",
      ]),
    tests(
      of: "Reports",
      [
        "ReportKit", "ReportPages", "TextFormats",
        "Pictures", "ModelCards", "Adapters", "Lineage", "BasisRecovery", "ChangeAnalysis", "WeightSimilarity",
        "RoleInference",
        "ModelAnatomy",
        "Checkpoints", "TensorFiles", "MemoryMapping", "ElementTypes", "ReadingFacts",
        "Threads",
      ]),
    tests(of: "ModelLocks", ["Unmask", "Sketches", "Lineage"]),
    tests(of: "AuditReports", ["Pictures", "Checkpoints", "TensorFiles", "ElementTypes"]),
    tests(
      of: "Commands",
      [
        "Safetensors", "Unmask", "Pictures", "Lineage", "WeightSimilarity", "RoleInference", "ModelAnatomy", "Checkpoints",
        "TensorFiles",
        "ElementTypes",
        "Threads",
      ]),
  ]
)
