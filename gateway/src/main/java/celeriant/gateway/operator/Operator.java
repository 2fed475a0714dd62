package celeriant.gateway.operator;

import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.model.ClientId;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orgs and keys as the running gateway knows them. Answers from memory and is replaced as a whole by
 * {@link #reload}, which the gateway's timer calls; safe for all threads.
 */
public final class Operator {
    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
    private static final String PREFIX = "cel_";

    /** How many keys are remembered with their secret once they were shown. */
    private static final int SHOWN_MAX = 10_000;

    private final OperatorFile file;
    private final Optional<OrgPolicy> others;
    private volatile Known known;
    private volatile boolean isUnusable;

    /** {@code shown}: whole keys that were found good. */
    private record Known(
            OperatorState state, Map<String, ApiKey> keys, Set<String> keyOrgs, Map<String, Backend> shown) {
        static Known of(OperatorState state) {
            Map<String, ApiKey> keys = new HashMap<>();
            Set<String> keyOrgs = new HashSet<>();
            for (ApiKey key : state.keys()) {
                keys.put(key.id(), key);
                keyOrgs.add(key.org());
            }
            return new Known(state, keys, keyOrgs, new ConcurrentHashMap<>());
        }
    }

    /** A backend that showed its key. */
    public record Backend(String org, Principal principal) {}

    /**
     * @param others what orgs allow that the operator has not made; empty = there are no others. Only for a gateway on
     *     loopback without configuration
     */
    public Operator(OperatorFile file, Optional<OrgPolicy> others) {
        this.file = file;
        this.others = others;
        this.known = Known.of(file == null ? OperatorState.EMPTY : file.read());
    }

    /** For loopback without a file: any org, no keys. */
    public static Operator local() {
        return local(OrgPolicy.LOCAL);
    }

    /** The same, with what every org allows. */
    public static Operator local(OrgPolicy policy) {
        return new Operator(null, Optional.of(policy));
    }

    /** Whether anybody may make orgs. */
    public boolean takesAnyOrg() {
        return others.isPresent();
    }

    /** Reads the file again; one that cannot be used changes nothing, and is said to be so once. Blocks on the disk. */
    public void reload() {
        if (file == null) {
            return;
        }
        try {
            OperatorState state = file.read();
            if (!state.equals(known.state())) {
                known = Known.of(state);
            }
            isUnusable = false;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            if (!isUnusable) {
                isUnusable = true;
                LOG.error("the operator's file cannot be used, orgs and keys stay as they were: {}", e.getMessage());
            }
        }
    }

    /** Whether there is such an org: made by the operator, or one that a key is for, or any. */
    public boolean hasOrg(String org) {
        Known now = known;
        return others.isPresent()
                || now.state().orgs().containsKey(org)
                || now.keyOrgs().contains(org);
    }

    /** What an org allows to those who were granted nothing. */
    public OrgPolicy policy(String org) {
        Boolean open = known.state().orgs().get(org);
        if (open == null) {
            return others.orElse(OrgPolicy.MEMBERS);
        }
        return open ? OrgPolicy.OPEN : OrgPolicy.MEMBERS;
    }

    /** Whether a caller that was let in may stay: the key that it showed may have been withdrawn or changed since. */
    public boolean mayStay(String org, Principal principal) {
        if (principal.isDevice()) {
            return true;
        }
        ApiKey key = known.keys().get(principal.key());
        return key != null
                && key.org().equals(org)
                && key.scope() == principal.scope()
                && isOrIsInstanceOf(principal.client().value(), client(key));
    }

    private static boolean isOrIsInstanceOf(String client, String backend) {
        return client.equals(backend) || client.startsWith(backend + ".");
    }

    /**
     * Whose key {@code bearer} is; empty for none that is live. What was found good is remembered until the file
     * changes, since a backend shows the same key with every request; a wrong secret costs its hash each time.
     */
    public Optional<Backend> backend(String bearer) {
        Known now = known;
        Backend remembered = now.shown().get(bearer);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<Backend> found = check(now, bearer);
        found.filter(backend -> now.shown().size() < SHOWN_MAX)
                .ifPresent(backend -> now.shown().put(bearer, backend));
        return found;
    }

    private static Optional<Backend> check(Known now, String bearer) {
        int separator = bearer.indexOf('_', PREFIX.length());
        if (!bearer.startsWith(PREFIX) || separator < 0) {
            return Optional.empty();
        }
        ApiKey key = now.keys().get(bearer.substring(PREFIX.length(), separator));
        if (key == null || !isSecretOf(key, bearer.substring(separator + 1))) {
            return Optional.empty();
        }
        return Optional.of(new Backend(key.org(), Principal.backend(new ClientId(client(key)), key.scope(), key.id())));
    }

    private static String client(ApiKey key) {
        return "svc." + key.name();
    }

    private static boolean isSecretOf(ApiKey key, String secret) {
        return MessageDigest.isEqual(
                key.hash().getBytes(StandardCharsets.US_ASCII),
                OperatorFile.hash(secret).getBytes(StandardCharsets.US_ASCII));
    }
}
