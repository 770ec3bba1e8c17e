/// The progress of a computation: a snapshot that the progress callback receives about five times a second.
public struct RunProgress: Sendable, Equatable {
  /// The phase of a computation.
  package enum Phase: Sendable, Equatable {
    /// Two or more models are compared.
    case comparing
    /// Every layer is multiplied with every layer.
    case layerProducts
    /// Statistics of tensors are computed.
    case statistics
  }

  /// The phase of a computation.
  package let phase: Phase
  /// Bytes of models already read in this phase.
  public let bytesDone: Int
  /// Bytes of models that this phase will read.
  public let bytesTotal: Int
  /// Number of finished full comparisons of pairs, in a scan or a tree.
  public let comparisonsDone: Int
  /// Number of planned full comparisons of pairs; 0 until it is known.
  public let comparisonsPlanned: Int
}

/// The callback for the progress of a computation. It is called about five times a second, from a separate thread, one call at a
/// time, and never after the computation has returned.
public typealias ProgressHandler = @Sendable (RunProgress) -> Void
