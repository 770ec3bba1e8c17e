package import Lineage

/// Why a declared base has its outcome.
package enum BaseReason: Sendable, Hashable {
  // Confirmed.
  /// The weights have a common origin.
  case commonOrigin

  // Contradicted.
  /// Tests that could have seen a common origin saw none.
  case noCommonOrigin

  // Unverifiable.
  /// No common origin was found at the stored positions, and other orders and bases were not searched. Rotations of the basis
  /// belong to ways of quantising, so this excludes nothing.
  case storedPositionsOnly
  /// No common origin was found, and the base was recognised by the name of its folder only.
  case knownByFolderName
  /// No common origin was found, and the model is declared to come from others too: the share of one may be too small to see.
  case smallShare
  /// Only these other parts have a common origin: the weights neither bear the card out nor exclude it.
  case partsOnly([String])
  /// Too little could be compared.
  case tooLittle
  /// The model is an adapter, which holds changes and nothing of its base.
  case adapter
  /// The declared base is the model itself.
  case sameFiles
  /// The base is not on this machine.
  case notFound
  /// The base is there and cannot be read; the text says why.
  case notRead(String)
  /// The comparison was with another model.
  case notCompared

  /// The reason that a comparison with the base gives.
  package init(_ verdict: Verdict, _ identity: BaseIdentity, isAdapter: Bool, isOneModel: Bool) {
    self =
      switch verdict.relation {
      case _ where isAdapter: .adapter
      case _ where isOneModel: .sameFiles
      case .identical, .derived, .merged, .partial: .commonOrigin
      case .independent, .insufficient:
        if !verdict.sharedParts.isEmpty {
          .partsOnly(verdict.sharedParts)
        } else if verdict.relation == .insufficient {
          .tooLittle
        } else if verdict.caveats.contains(where: \.leavesRewritesOpen) {
          .storedPositionsOnly
        } else {
          identity.isCertain ? .noCommonOrigin : .knownByFolderName
        }
      }
  }

  /// The outcome that follows.
  package var outcome: CardOutcome {
    switch self {
    case .commonOrigin: .confirmed
    case .noCommonOrigin: .contradicted
    case .storedPositionsOnly, .knownByFolderName, .smallShare, .partsOnly, .tooLittle, .adapter, .sameFiles, .notFound, .notRead,
      .notCompared:
      .unverifiable
    }
  }
}
