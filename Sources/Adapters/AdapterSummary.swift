/// A summary of the changes that an adapter makes.
///
/// ```swift
/// let summary = Adapter(of: try Checkpoint.openAdapter("aurora-adapter")).summary
/// summary.method     // .lora
/// summary.ranks      // 4...4
/// summary.targets    // ["q_proj", "v_proj"]
/// ```
package struct AdapterSummary: Sendable, Hashable {
  /// The supported kinds of low-rank change.
  package enum Method: String, Sendable, Hashable, CaseIterable {
    case lora, rankStabilisedLoRA, dora, rankStabilisedDoRA
  }

  /// Rows of a token table that the adapter replaces.
  package struct TokenRows: Sendable, Hashable {
    /// The number of rows.
    package let rows: Int
    /// The last part of the module's name.
    package let module: String

    /// Rows of a module's table.
    package init(rows: Int, module: String) { (self.rows, self.module) = (rows, module) }
  }

  /// The kind that the configuration of an unsupported adapter names, cut to 40 characters. Nil for a supported adapter.
  package var unsupportedKind: String?
  /// The kind of its low-rank changes.
  package var method: Method
  /// The least and the largest rank; nil without a change of low rank.
  package var ranks: ClosedRange<Int>?
  /// The last parts of the names of the modules or parameters that have a low-rank change, each once.
  package var targets: [String]
  /// The configuration's `lora_alpha`; nil when there is none, or when several patterns each have one.
  package var alpha: Double?
  /// The least and the largest factor that changes are multiplied by; nil without a change of low rank.
  package var scales: ClosedRange<Double>?
  /// The last parts of the names of whole tensors that replace the base's, each once.
  package var wholeTensors: [String]
  /// Rows of token tables, by the module's name.
  package var tokenRows: [TokenRows]

  /// A summary from its parts.
  package init(
    unsupportedKind: String? = nil, method: Method = .lora, ranks: ClosedRange<Int>? = nil, targets: [String] = [],
    alpha: Double? = nil,
    scales: ClosedRange<Double>? = nil, wholeTensors: [String] = [], tokenRows: [TokenRows] = []
  ) {
    (self.unsupportedKind, self.method, self.ranks, self.targets) = (unsupportedKind, method, ranks, targets)
    (self.alpha, self.scales, self.wholeTensors, self.tokenRows) = (alpha, scales, wholeTensors, tokenRows)
  }
}
