package import JSON
internal import MemoryMapping
internal import TensorFiles

/// What is said about a model beside its weights, wherever that is: files in the same folder, or texts in the file of the
/// weights.
///
/// ```swift
/// checkpoint.configuration[.model]?["model_type"]?.string  // "llama"
/// checkpoint.configuration[.adapter]                       // nil: this is no adapter
/// ```
///
/// All of it is a hint and no more: it may be missing, or another model's.
package struct ModelConfiguration: Sendable {
  /// Which description.
  package enum Document: String, Sendable, CaseIterable {
    /// transformers' description of a model's sizes.
    case model = "config.json"
    /// The same of Meta's and Mistral's own releases.
    case parameters = "params.json"
    /// What a PEFT adapter changes.
    case adapter = "adapter_config.json"
    /// How AutoGPTQ quantised a model.
    case quantisation = "quantize_config.json"
  }

  /// Where the documents are.
  private enum Source {
    /// In the folder of this path, as files of their names.
    case folder(String)
    /// Here.
    case values([Document: JSONValue])
  }

  private let source: Source
  /// What the file of the weights says itself.
  private let inside: JSONValue?

  /// The documents beside the first of `files`; nothing, when there are no files.
  init(beside files: [any TensorFile]) {
    inside = files.lazy.compactMap(\.configuration).first
    source = files.first.map { .folder($0.path.parentFolder) } ?? .values([:])
  }

  /// Documents that were read elsewhere, for weights that are not files of a folder.
  init(_ documents: [Document: JSONValue], of files: [any TensorFile]) {
    inside = files.lazy.compactMap(\.configuration).first
    source = .values(documents)
  }

  /// A document, or nil when there is none that can be read. What the file of the weights says of the model comes before
  /// `config.json`.
  ///
  /// Reads the document anew each time it is asked for. O(its bytes).
  package subscript(document: Document) -> JSONValue? {
    if document == .model, let inside { return inside }
    switch source {
    case .folder(let folder): return try? JSONValue.read(path: "\(folder)/\(document.rawValue)")
    case .values(let values): return values[document]
    }
  }
}
