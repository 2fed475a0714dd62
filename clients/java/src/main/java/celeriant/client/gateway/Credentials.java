package celeriant.client.gateway;

import celeriant.wire.DeviceKey;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What a client shows: the key of a device, or the API key of a backend. */
public sealed interface Credentials {
    /**
     * A device proves its key; the gateway gives it tokens.
     *
     * @param person gives the identity token of the person who is signed in, or null for none, whenever a new access
     *     token is needed (RFC 8693); null if nobody signs in here
     */
    record Device(DeviceKey key, Supplier<CompletionStage<String>> person) implements Credentials {
        public Device {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String toString() {
            return "Device[" + key.jwk().thumbprint() + "]";
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
