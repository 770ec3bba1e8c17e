import ProgramIdentity
package import TextFormats

/// The program, as documents name it.
package enum Program {
  /// The member `program` of every document: name and version.
  package static var name: JSONText { .string(Release.name) }
}
