/// How far a computation is: a snapshot that the progress callback gets about five times a second.
public struct RunProgress: Sendable, Equatable {
  /// What is being done.
  package enum Phase: Sendable, Equatable {
    /// Two or more models are compared.
    case comparing
    /// Every layer is multiplied with every layer.
    case layerProducts
    /// Statistics of tensors are computed.
    case statistics
  }

  /// What is being done.
  package let phase: Phase
  /// Bytes of models that were read in this phase.
  public let bytesDone: Int
  /// Bytes of models that this phase will read.
  public let bytesTotal: Int
  /// Full comparisons of pairs that were finished, in a scan or a tree.
  public let comparisonsDone: Int
  /// Full comparisons of pairs that are planned; 0 until that is known.
  public let comparisonsPlanned: Int
}

/// What is called with the progress of a computation: about five times a second, from a thread of its own, one call at a time, and not any
/// more once the computation has returned.
public typealias ProgressHandler = @Sendable (RunProgress) -> Void
