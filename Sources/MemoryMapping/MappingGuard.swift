internal import CMappingGuard

/// The handlers of SIGBUS and SIGSEGV that make a lost file an error instead of the end of the process.
package enum MappingGuard {
  /// Allows the handlers for files that are opened from now on; for the whole process, and not to be undone. A fault anywhere else goes to the
  /// handler that was there before.
  package static func allow() { mg_allow() }
}
