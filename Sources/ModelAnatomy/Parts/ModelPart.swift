/// A part of a model that is compared on its own: a language model, a tower, a projector.
///
/// ```swift
/// for part in anatomy.parts { print(part.name, part.anatomy.layers) }   // language_model 32, vision_tower 24, projector 0
/// ```
///
/// Two models may share one part and have nothing else in common, as many vision models share one frozen tower. So each part is
/// read as a model of its own, with its own layers, and has its own verdict.
package struct ModelPart: Sendable {
  package let kind: PartKind
  /// The name in reports: that of its kind, with a number behind it from the second part of a kind on (`vision_tower.2`).
  package let name: String
  /// The weights of the part, read as a model.
  package let anatomy: Anatomy

  package init(kind: PartKind, name: String, anatomy: Anatomy) { (self.kind, self.name, self.anatomy) = (kind, name, anatomy) }
}
