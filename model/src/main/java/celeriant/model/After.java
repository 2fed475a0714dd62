package celeriant.model;

import java.util.Objects;
import java.util.UUID;

/** A settled append that a client names as the one before its next: its sequence and its id. */
public record After(long sequence, UUID id) {
    public After {
        Objects.requireNonNull(id, "id");
        if (sequence < 1) {
            throw new IllegalArgumentException("a sequence is 1 or more, not " + sequence);
        }
    }
}
