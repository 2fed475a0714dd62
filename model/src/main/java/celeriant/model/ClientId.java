package celeriant.model;

import java.util.Objects;

/**
 * One writer identity: the RFC 7638 thumbprint of a device's public key (43 characters of base64url), or
 * {@code svc.<name>} for a backend service. It comes from the proof or the key that was presented, never from a body.
 */
public record ClientId(String value) {
    public ClientId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a client id is not empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
