package import Checkpoints
package import TensorViews

extension Parameter {
  /// The weight that `part` selects in the parameter, with this role. The dimensions must fit; see ``view(_:of:)``.
  package func weight(_ part: Part, of checkpoint: Checkpoint, role: Role, layer: Int?, expert: Int? = nil) -> Weight {
    if part == .whole, case .stored = content {
      return Weight(tensor: tensor, of: checkpoint, role: role, layer: layer, expert: expert)
    }
    let (source, isVector) = view(part, of: checkpoint)
    return Weight(source, tensor: tensor, isVector: isVector, role: role, layer: layer, expert: expert)
  }
}
