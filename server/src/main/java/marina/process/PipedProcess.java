package marina.process;

import java.io.OutputStream;

/**
 * A process whose standard input and output are streams of bytes for whoever started it. Both block; each is for one thread,
 * and the caller closes them. When the process ends, output that has not been read yet stays readable.
 *
 * @param process to be watched and ended
 * @param input what it reads; writing fails when nobody reads it any more. Whoever closes it frees a thread that writes to it, even
 *     if somebody who never reads keeps the other end open; where there are only the pipes of the JDK, it waits for that thread
 * @param output what it prints to standard output
 */
public record PipedProcess(RunningProcess process, OutputStream input, ProcessOutput output) {}
