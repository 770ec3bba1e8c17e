// Draws pairs of independent random models and prints what the recognition of neurons makes of them: the smallest p-values,
// those above the line of a verdict, and how far the permutation test's are from uniform. One pair in ten is also drawn as whole
// models, of which the verdict and the p-values of every test are looked at. Exit code 1 when one is above the line, 2 when the time was up
// before all pairs were drawn.
// Usage: Strangers PAIRS SEED THREADS SECONDS FILE PROGRAM | Strangers --sum FILE…        run by scripts/strangers
@testable import LinearAlgebra
@testable import Threads

import Foundation

/// Pairs that are drawn before their results are written to the file.
let piece = 50
/// One pair in so many is drawn as whole models.
let whole = 10

prepareOpenBLASEnvironment()
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--sum" {
  let summary = Summary(DrawFile(summing: Array(arguments.dropFirst())))
  summary.print()
  exit(summary.isClean ? 0 : 1)
}
guard arguments.count == 6, let pairs = Int(arguments[0]), let seed = UInt64(arguments[1]), let threads = Int(arguments[2]),
  let seconds = Double(arguments[3]), pairs > 0, threads > 0
else { fatalError("PAIRS SEED THREADS SECONDS FILE PROGRAM") }
var file = DrawFile(path: arguments[4], header: "strangers, seed \(seed), program \(arguments[5])")
let start = ContinuousClock.now
let workers = Workers(threads: threads)
var isComplete = true
for first in stride(from: 0, to: pairs, by: piece) {
  let numbers = (first..<min(first + piece, pairs)).filter { file.neurons[$0] == nil }
  let models = (first..<min(first + piece, pairs)).filter { $0 % whole == 0 && file.models[$0 / whole] == nil }.map { $0 / whole }
  if numbers.isEmpty && models.isEmpty { continue }
  if ContinuousClock.now - start > .seconds(seconds) {
    isComplete = false
    break
  }
  let found = workers.map(numbers.count) { (number: numbers[$0], draw: NeuronDraw(number: numbers[$0], seed: seed)) }
  let other = workers.map(models.count) { (number: models[$0], draw: ModelDraw(number: models[$0], seed: seed)) }
  file.add(neurons: found, models: other)
  FileHandle.standardError.write(Data("\(file.neurons.count) of \(pairs) pairs, \(file.models.count) whole models\n".utf8))
}
print("seed \(seed), \(file.neurons.count) of \(pairs) pairs")
let summary = Summary(file)
summary.print()
exit(summary.isClean ? isComplete ? 0 : 2 : 1)
