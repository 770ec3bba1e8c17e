import Checkpoints
import LinearAlgebra

@testable import ModelAnatomy
@testable import RoleInference
@testable import Threads
@testable import WeightSimilarity

// Gram matrices of the models named on the command line, on all cores, for scripts/bench: prints what it found in one line.
//
//   GramBenchmark THREADS MODEL MODEL…
prepareOpenBLASEnvironment()
let arguments = CommandLine.arguments
guard arguments.count > 3, let threads = Int(arguments[1]), threads > 0 else {
  fatalError("usage: GramBenchmark THREADS MODEL MODEL…")
}
let workers = Workers(threads: threads)
let models = try workers.map(arguments.count - 2) { i in
  Result { ModelReading.anatomy(of: try Checkpoint.open(arguments[i + 2])) }
}
.map { try $0.get() }
let matrices = GramPass(models, workers: workers).run()
let cosines = matrices.compactMap { $0.cosine(0, 1) }
print(matrices.count, "weights; mean cosine of the first two models", cosines.reduce(0, +) / Double(max(1, cosines.count)))
