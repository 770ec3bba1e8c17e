internal import CMappingGuard

/// The handlers of SIGBUS and SIGSEGV. With them, a lost file causes an error and does not end the process.
package enum MappingGuard {
  /// Allows the handlers for files that are opened from now on. This applies to the whole process and cannot be undone. Any other
  /// fault goes to the previous handler.
  package static func allow() { mg_allow() }
}
