import Checkpoints
import TensorFiles
import TensorViews

extension ArchitectureTable {
  /// A model as the architecture with the same names whose gains are stored as an offset from one, if the file holds such
  /// offsets.
  ///
  /// Gemma's names and shapes are Llama's. Offsets are trained from zero and have both signs. Gains are trained from one, and few
  /// or none of a model's tens of thousands are negative. So: if more than one in twenty is negative, they are offsets. If none
  /// is negative, they are gains. In between the config may decide, and without one they are gains.
  func withGains(
    _ model: ArchitectureMatch, _ groups: [NameGroup], _ keys: [String], _ parameters: [Parameter], _ hints: ReadingHints
  ) -> ArchitectureMatch {
    let known = architectures[model.architecture]
    let telling = TellingStrings(keys)
    let twin = architectures.indices.first { index in
      let other = architectures[index]
      return other.hasOffsetGains && !known.hasOffsetGains && other.patterns == known.patterns && telling.fit(other)
    }
    guard let twin, !(known.asksForBias && telling.fit(known)) else { return model }
    let gains = model.matches.filter { patterns[$0.pattern].role.isNormGain }.flatMap { groups[$0.group].members }
    var (negative, positive) = (0, 0)
    for gain in gains where parameters[gain].shape.count == 1 {
      let weight = parameters[gain].weight(.whole, of: hints.checkpoint, role: .inputNorm, layer: nil)
      var values = [Float](repeating: 0, count: weight.columns)
      var span = values.mutableSpan
      weight.read(rows: 0..<1, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
      negative += values.count { $0 < 0 }
      positive += values.count { $0 > 0 }
    }
    let isOffset: Bool
    if negative * 20 > negative + positive {
      isOffset = true
    } else if negative == 0, positive > 0 {
      isOffset = false
    } else {
      isOffset = !architectures[twin].configTypes.filter(hints.config().types.contains).isEmpty
    }
    guard isOffset else { return model }
    var changed = model
    changed.architecture = twin
    return changed
  }
}
