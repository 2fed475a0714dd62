package celeriant.client.access;

import java.util.Map;

/** To whom a right is given by name. */
public sealed interface Grantee {
    /**
     * A device or a backend.
     *
     * @param id its client id
     */
    record Client(String id) implements Grantee {
        @Override
        public Map<String, Object> fields() {
            return Map.of("client", id);
        }
    }

    /**
     * A person, on every device on which they signed in.
     *
     * @param iss the issuer that signs them in
     * @param sub their subject there
     */
    record Person(String iss, String sub) implements Grantee {
        @Override
        public Map<String, Object> fields() {
            return Map.of("user", Map.of("iss", iss, "sub", sub));
        }
    }

    /** As the protocol writes it. */
    Map<String, Object> fields();

    /**
     * Reads what {@link #fields} gives, among other fields.
     *
     * @throws ClassCastException if it is neither
     */
    static Grantee of(Map<?, ?> fields) {
        return fields.get("user") instanceof Map<?, ?> user
                ? new Person((String) user.get("iss"), (String) user.get("sub"))
                : new Client((String) fields.get("client"));
    }
}
