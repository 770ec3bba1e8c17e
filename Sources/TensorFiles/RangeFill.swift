/// Fetches ranges of a file, ascending and separate, into the local file that is mapped.
package typealias RangeFill = @Sendable (_ missing: [Range<Int>]) throws(CheckpointError) -> Void
