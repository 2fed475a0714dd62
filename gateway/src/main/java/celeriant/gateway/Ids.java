package celeriant.gateway;

import java.security.SecureRandom;
import java.util.UUID;

/** Where the gateway's random ids and secrets come from. Any thread. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    static UUID uuid() {
        return UUID.randomUUID();
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
