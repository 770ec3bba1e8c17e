package import ModelAnatomy
import RoleInference
import TensorViews
package import Threads

/// Divides a model whose names say nothing into parts as another model is divided: by the matrices that are nearly equal.
///
/// Without it, a nameless language model under a shared tower would be compared with that tower as a whole.
package enum PartTransfer {
  /// The parts of both models; those of one are taken from the other where its names tell no parts. Cost: nothing where names give the
  /// roles of both models, or where neither has several parts; else that of ``WeightMatching``.
  package static func parts(
    _ first: Anatomy, _ second: Anatomy, workers: Workers
  ) -> (first: [ModelPart], second: [ModelPart]) {
    let (own, other) = (first.parts, second.parts)
    if own.count == 1, other.count > 1, isUnnamed(own[0]) { return (transferred(own[0], other, of: second, workers), other) }
    if other.count == 1, own.count > 1, isUnnamed(other[0]) { return (own, transferred(other[0], own, of: first, workers)) }
    return (own, other)
  }

  private static func isUnnamed(_ part: ModelPart) -> Bool { part.anatomy.architecture == nil }

  private static func transferred(
    _ part: ModelPart, _ parts: [ModelPart], of lender: Anatomy, _ workers: Workers
  ) -> [ModelPart] {
    let lent = lender.storedParameters
    let found = WeightMatching(of: part.anatomy.storedParameters, among: lent, workers: workers).counterparts
    var places: [String: Int] = [:]
    for (i, part) in parts.enumerated() { for parameter in part.anatomy.source.parameters { places[parameter.name] = i } }
    let names = lender.reading.parameters.map(\.name)
    let counterparts = found.compactMapValues { places[names[$0]] }
    guard Set(counterparts.values).contains(where: { $0 > 0 }) else { return [part] }
    return ModelReading.parts(of: part.anatomy, like: parts, counterparts: counterparts)
  }
}
