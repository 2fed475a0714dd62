/**
 * Benchmarks: each prints its figures, and its results stand in {@code bench/results/} with the command.
 *
 * <p>Each {@code …Bench} is one program; begin there, and with {@code bench/run}. Over the network they measure an
 * {@link celeriant.bench.AppendPeer}, a server as a process of its own: appends by the
 * {@link celeriant.bench.ClosedLoop} of an {@link celeriant.bench.Exchange} for each connection, streams by
 * {@link celeriant.bench.SseReaders} and its like. In this process they measure an {@link celeriant.bench.AppendStore}
 * by a {@link celeriant.bench.CallerLoop}. Figures are {@link celeriant.bench.Latencies}, the server's CPU time and
 * memory, and the disk's own rate ({@link celeriant.bench.DiskSync}).
 */
package celeriant.bench;
