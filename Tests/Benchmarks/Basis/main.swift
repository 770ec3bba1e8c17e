// Finds a candidate's neurons in a foundation, and prints what came of it and in which time.
// Usage: BasisBenchmark THREADS FOUNDATION CANDIDATE…        What was read of the foundation is kept.
import Checkpoints
import LinearAlgebra

@testable import BasisRecovery

@testable import ModelAnatomy
@testable import RoleInference
@testable import Threads

prepareOpenBLASEnvironment()
let arguments = CommandLine.arguments
guard arguments.count > 3, let threads = Int(arguments[1]) else { fatalError("BasisBenchmark THREADS FOUNDATION CANDIDATE…") }
let cache = NeuronCache()
let foundation = ModelReading.anatomy(of: try Checkpoint.open(arguments[2]))
for path in arguments.dropFirst(3) {
  let candidate = ModelReading.anatomy(of: try Checkpoint.open(path))
  let clock = ContinuousClock()
  let start = clock.now
  let match = BasisRecovery(candidate: candidate, foundation: foundation, workers: Workers(threads: threads), cache: cache)?
    .match()
  let name = path.split(separator: "/").last ?? ""
  if let match {
    let evidence = match.evidence
    print(
      name,
      "share \(evidence.share) by \(match.source) tries \(evidence.tries) log10P \(evidence.log10P) perm \(evidence.permutationP)",
      "chance \(evidence.chance) null \(evidence.draws.map { "\($0.kind.rawValue.prefix(1)):\($0.agreements)/\($0.trials)" }.joined(separator: " "))",
      "origins", match.units.map { $0.origin.map(String.init) ?? "-" }.joined(separator: ","), "\(clock.now - start)")
  } else {
    print(name, "nothing to try", "\(clock.now - start)")
  }
}
