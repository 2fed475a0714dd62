/** Benchmarks: each prints its figures, and its results stand in {@code bench/results/} with the command. */
package celeriant.bench;
