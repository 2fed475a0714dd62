package celeriant.client.gateway;

import celeriant.wire.DeviceKey;
import java.util.Objects;

/** What a client shows: the key of a device, or the API key of a backend. */
public sealed interface Credentials {
    /** A device proves its key; the gateway gives it tokens. */
    record Device(DeviceKey key) implements Credentials {
        public Device {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * A backend's key.
     *
     * @param client its client id, if several instances share the key ({@code svc.<name>.<instance>}); else null
     */
    record ApiKey(String key, String client) implements Credentials {
        public ApiKey {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String toString() {
            return "ApiKey[" + client + "]";
        }
    }
}
