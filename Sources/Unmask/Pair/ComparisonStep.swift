/// The steps of a comparison, each more expensive than the previous one.
///
/// | step | question | cost |
/// |---|---|---|
/// | `inPlace` | Is each weight like the weight of the same role, layer and position? | one read of both models |
/// | `layerOrder` | Are the layers the same ones in another order or number? | a sample of each layer; one more read where they moved |
/// | `tables` | Do the neurons of a layer have the same angles to each other, whatever the basis? | two reads of the MLPs, products of a sample of their neurons |
/// | `neurons` | Are the same neurons there in any order and in any basis of the residual stream? | reads of some layers, products of their neurons |
/// | `heads` | Are the same attention heads there in any order and basis, although neurons are not? | reads attention, products of heads |
/// | `alignment` | Which order and basis, and how alike are the weights once both are undone? | a read of every layer; one more for aligned cosines |
/// | `gains` | Were the gains of the norms folded into the weights, or traded? | reads the gains |
/// | `change` | What did tuning change: which layers, and in how many directions? | a sample of the changed matrices |
package enum ComparisonStep: String, Sendable, Hashable, CaseIterable {
  case inPlace = "in_place"
  case layerOrder = "layer_order"
  case tables, neurons, heads, alignment, gains, change
}
