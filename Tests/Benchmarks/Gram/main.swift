import ModelAnatomy
import Safetensors
import WeightSimilarity

// Gram matrices of the models named on the command line, on all cores, for scripts/bench: prints what it found in one line.
//
//   GramBenchmark THREADS MODEL MODEL…
let arguments = CommandLine.arguments
guard arguments.count > 3, let threads = Int(arguments[1]), threads > 0 else {
  fatalError("usage: GramBenchmark THREADS MODEL MODEL…")
}
let models = try arguments.dropFirst(2).map { Anatomy(of: try Checkpoint.open($0)) }
let matrices = GramPass(models, workers: Workers(threads: threads)).run()
let cosines = matrices.compactMap { $0.cosine(0, 1) }
print(matrices.count, "weights; mean cosine of the first two models", cosines.reduce(0, +) / Double(max(1, cosines.count)))
