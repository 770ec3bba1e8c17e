package import Threads
/// The progress of a computation: a snapshot that the progress callback receives about five times a second.
public struct RunProgress: Sendable, Equatable {
  /// The phase of a computation.
  package enum Phase: Sendable, Hashable {
    /// The models of a scan are compared.
    case comparing
    /// Two models are compared: one step of it.
    case step(ComparisonStep)
    /// Every layer is multiplied with every layer.
    case layerProducts
    /// Statistics of tensors are computed.
    case statistics
    /// The content hash is computed.
    case contentHash
    /// A model is sketched.
    case sketching
    /// A catalogue is searched.
    case searching
  }

  /// What a computation is doing, and how long it took.
  package typealias Log = ActivityLog<Phase>

  /// The phase of a computation.
  package let phase: Phase
  /// The part of a model that it works on, or the model, where there are several.
  package let part: String?
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
