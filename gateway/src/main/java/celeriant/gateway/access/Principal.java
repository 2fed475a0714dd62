package celeriant.gateway.access;

import celeriant.log.Caller;
import celeriant.model.ClientId;
import java.util.List;
import java.util.Objects;

/**
 * Who a request comes from, proved: a device by its key (and the person signed in on it), or a backend by its API key.
 *
 * @param scope what an API key may do; null for a device
 * @param user the person signed in on a device, or null
 * @param key names the API key that was shown; null for a device
 */
public record Principal(ClientId client, Scope scope, Grantee.User user, String key) implements Caller {
    /** What an API key may do with every aggregate of its org. */
    public enum Scope {
        READ(Level.READER),
        APPEND(Level.CONTRIBUTOR),
        ADMIN(Level.OWNER);

        private final Level level;

        Scope(Level level) {
            this.level = level;
        }

        public Level level() {
            return level;
        }
    }

    public Principal {
        Objects.requireNonNull(client, "client");
        if (scope != null && user != null) {
            throw new IllegalArgumentException("a backend has no person signed in");
        }
        if ((scope == null) != (key == null)) {
            throw new IllegalArgumentException("a backend has a key and its scope, a device neither");
        }
    }

    public static Principal device(ClientId client) {
        return device(client, null);
    }

    /** @param user null = nobody is signed in */
    public static Principal device(ClientId client, Grantee.User user) {
        return new Principal(client, null, user, null);
    }

    /** @param key which of the backend's keys it showed */
    public static Principal backend(ClientId client, Scope scope, String key) {
        return new Principal(client, scope, null, key);
    }

    /** One of several instances of the backend, a client of its own. */
    public Principal instance(ClientId instance) {
        return new Principal(instance, scope, user, key);
    }

    public boolean isDevice() {
        return scope == null;
    }

    /** The names under which it may have been granted something. */
    public List<Grantee> grantees() {
        Grantee.Client device = new Grantee.Client(client);
        return user == null ? List.of(device) : List.of(device, user);
    }

    /** Who owns what it creates: the person if there is one, so that it is theirs on every device. */
    Grantee owner() {
        return user == null ? new Grantee.Client(client) : user;
    }
}
