package celeriant.model;

import java.util.UUID;

/**
 * A client's latest settled append that has a sequence.
 *
 * @param position the position of the latest event recorded for a sequenced append of this client; 0 = none yet
 */
public record ClientHead(long sequence, UUID id, long position) {}
