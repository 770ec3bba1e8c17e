import Checkpoints
import LinearAlgebra
import MemoryMapping
import RoleInference

/// Begins to read the table of architectures on another thread, some four milliseconds, for a process that will open a model after something
/// else.
package func prepare() { ModelReading.prepare() }

/// Whether files that are opened from now on are mapped into memory or read block by block; nil, as at first, for as their file systems like
/// it. For the whole process.
package func setFileAccess(isMapped: Bool?) { Checkpoint.setMapping(isMapped) }

/// Sets two environment variables that OpenBLAS reads when it is opened, so that it opens in 3 ms and not in 30, and uses AVX-512 where there is.
///
/// For the main function of a program, before it starts a thread: while another thread reads the environment it must not be changed. The library never
/// changes the environment by itself; the results are the same without this call.
public func prepareEnvironment() { prepareOpenBLASEnvironment() }

/// Makes a file that is lost while it is read an error instead of the end of the process.
///
/// Models are mapped into memory. When another process cuts a file that is being read, or when its disk or server fails, the system sends SIGBUS,
/// which ends the process. A program that calls this function first gets an ``UnmaskError`` of the kind `reading` instead. The function lets the
/// library take the handlers of SIGBUS and, for files on network file systems, which are then read block by block, of SIGSEGV. It is for the whole
/// process and cannot be undone. Faults that have nothing to do with models go to the handlers that were there before.
public func catchLostFiles() { MappingGuard.allow() }
