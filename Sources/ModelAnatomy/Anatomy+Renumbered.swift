import ReadingFacts

extension Anatomy {
  /// The same model with other numbers for its layers; a layer without a new number keeps its old one. O(weights).
  package func renumbered(_ numbers: [Int: Int]) -> Anatomy {
    var changed = reading
    changed.assignments = assignments.map { assignment in
      var assignment = assignment
      assignment.layer = assignment.layer.map { numbers[$0] ?? $0 }
      return assignment
    }
    changed.unassigned = []
    changed.layerNumbers = layerNumbers.map { numbers[$0] ?? $0 }.sorted()
    changed.inference = changed.inference ?? Inference(notes: [.layersReordered])
    return Anatomy(changed, of: source)
  }
}
