/// How a model card says that a model was made from its base (`base_model_relation`).
package enum DeclaredRelation: String, Sendable, Hashable, CaseIterable {
  case finetune, adapter, quantized, merge
}
