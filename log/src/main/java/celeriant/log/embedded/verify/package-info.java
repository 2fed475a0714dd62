/**
 * Proves a data folder with code of its own: it shares nothing with the engine but the description of the formats, so
 * that a fault of the writer is not repeated by the one who checks. Reads only. May import {@code java} and the zstd
 * library only.
 */
package celeriant.log.embedded.verify;
