import Checkpoints
import LinearAlgebra
import MemoryMapping
import RoleInference

/// Starts to read the table of architectures on another thread, about four milliseconds. For a process that does other work
/// before it opens a model.
package func prepare() { ModelReading.prepare() }

/// Whether files that are opened from now on are mapped into memory or read block by block; nil (the default) chooses by file
/// system. For the whole process.
package func setFileAccess(isMapped: Bool?) { Checkpoint.setMapping(isMapped) }

/// Sets two environment variables that OpenBLAS reads when it is opened: it then opens in 3 ms instead of 30, and uses AVX-512 if
/// available.
///
/// For the main function of a program, before it starts a thread: the environment must not be changed while another thread reads
/// it. The library never changes the environment by itself; the results are the same without this call.
public func prepareEnvironment() { prepareOpenBLASEnvironment() }

/// Turns the loss of a file during reading into an error; without this call it ends the process.
///
/// Models are mapped into memory. When another process cuts a file that is being read, or when its disk or server fails, the
/// system sends SIGBUS, which ends the process. A program that calls this function first gets an ``UnmaskError`` of the kind
/// `reading` instead. The function lets the library take the handlers of SIGBUS and, for files on network file systems, which are
/// then read block by block, of SIGSEGV. It applies to the whole process and cannot be undone. Faults that are unrelated to
/// models go to the previous handlers.
public func catchLostFiles() { MappingGuard.allow() }

/// Sets how models that are given by an address are read from now on; for the whole process.
public func configureRemoteReading(_ reading: RemoteReading) { RemoteModels.configure(reading) }
