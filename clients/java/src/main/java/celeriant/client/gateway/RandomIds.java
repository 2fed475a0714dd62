package celeriant.client.gateway;

import java.util.UUID;

/** Ids that nobody else has. */
final class RandomIds {
    private RandomIds() {}

    static UUID next() {
        return UUID.randomUUID();
    }
}
