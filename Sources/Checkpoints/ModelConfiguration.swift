package import JSON
internal import MemoryMapping
internal import TensorFiles

/// The description of a model apart from its weights. It comes from files in the same folder or from metadata in the weights
/// file.
///
/// ```swift
/// checkpoint.configuration[.model]?["model_type"]?.string  // "llama"
/// checkpoint.configuration[.adapter]                       // nil: this is no adapter
/// ```
///
/// All of it is only a hint: it may be missing, or may belong to another model.
package struct ModelConfiguration: Sendable {
  /// The kind of description.
  package enum Document: String, Sendable, CaseIterable {
    /// transformers' description of a model's sizes.
    case model = "config.json"
    /// The description of a model's sizes in the original releases of Meta and Mistral.
    case parameters = "params.json"
    /// The changes that a PEFT adapter makes.
    case adapter = "adapter_config.json"
    /// The settings with which AutoGPTQ quantised a model.
    case quantisation = "quantize_config.json"
  }

  /// The location of the documents.
  private enum Source {
    /// Files in the folder with this path, named after the documents.
    case folder(String)
    /// Values in memory.
    case values([Document: JSONValue])
  }

  private let source: Source
  /// The description inside the weights file.
  private let inside: JSONValue?

  /// The documents in the folder of the first of `files`; no documents when there are no files.
  init(beside files: [any TensorFile]) {
    inside = files.lazy.compactMap(\.configuration).first
    source = files.first.map { .folder($0.path.parentFolder) } ?? .values([:])
  }

  /// Documents that were read elsewhere, for weights that are not files of a folder.
  init(_ documents: [Document: JSONValue], of files: [any TensorFile]) {
    inside = files.lazy.compactMap(\.configuration).first
    source = .values(documents)
  }

  /// A document, or nil when none can be read. The description inside the weights file has priority over `config.json`.
  ///
  /// Reads the document again on each call. O(its bytes).
  package subscript(document: Document) -> JSONValue? {
    if document == .model, let inside { return inside }
    switch source {
    case .folder(let folder): return try? JSONValue.read(path: "\(folder)/\(document.rawValue)")
    case .values(let values): return values[document]
    }
  }
}
