package celeriant.gateway.access;

import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.model.Register;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a principal may do, worked out from the registers of access aggregates. Pure: the same registers give the same
 * right, whether they come from the log as it is or as it will be when everything decided so far is durable.
 */
public final class Rights {
    /** One register of one aggregate of the org in question. */
    @FunctionalInterface
    public interface Lookup {
        Optional<Register> register(AggregateId aggregate, String key);
    }

    private final Lookup lookup;

    public Rights(Lookup lookup) {
        this.lookup = lookup;
    }

    /** The role of a principal in the org, empty for none. An API key has none: its scope says what it may. */
    public Optional<Role> role(Principal principal) {
        Optional<Role> highest = Optional.empty();
        if (principal.isDevice()) {
            for (Grantee grantee : principal.grantees()) {
                Optional<Role> role =
                        word(AccessNames.MEMBERS, grantee.key(), "role").flatMap(Role::ofWord);
                if (role.isPresent() && highest.filter(Role.ADMIN::equals).isEmpty()) {
                    highest = role;
                }
            }
        }
        return highest;
    }

    /** What a principal may do with an aggregate, null for nothing. */
    public Level level(Principal principal, AggregateId aggregate) {
        if (!principal.isDevice()) {
            return principal.scope().level();
        }
        if (role(principal).filter(Role.ADMIN::equals).isPresent()) {
            return Level.OWNER;
        }
        AggregateId access = AccessNames.of(aggregate);
        ByName named = byName(access, principal);
        return named.isRevoked() ? null : Level.higher(named.level(), levelOf(data(access, AccessNames.PUBLIC)));
    }

    /** What a principal was given by its names. @param isRevoked whether one of them is revoked */
    private record ByName(boolean isRevoked, Level level) {}

    private ByName byName(AggregateId access, Principal principal) {
        Level granted = null;
        for (Grantee grantee : principal.grantees()) {
            Optional<JsonNode> right = data(access, grantee.key());
            if (right.filter(node -> node.has("revoked")).isPresent()) {
                return new ByName(true, null);
            }
            granted = Level.higher(granted, levelOf(right));
        }
        return new ByName(false, granted);
    }

    /**
     * Why a principal that needs a level may not: {@code not-found} of what it may not know of, else
     * {@code access-denied}; empty if it may.
     */
    public Optional<Problem> refusal(Principal principal, AggregateId aggregate, Level needed) {
        Level level = level(principal, aggregate);
        if (level == null) {
            return Optional.of(unknown(aggregate));
        }
        return level.includes(needed)
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ErrorCode.ACCESS_DENIED, "This needs the level " + needed.word() + " on " + aggregate + "."));
    }

    /** What is not there, and what the caller may not know of: the same words. */
    static Problem unknown(AggregateId aggregate) {
        return Problem.of(ErrorCode.NOT_FOUND, "There is no " + aggregate + " that you may know of.");
    }

    /** The level that a principal was given by name, null for none or when one of its names is revoked. */
    public Level granted(AggregateId access, Principal principal) {
        return byName(access, principal).level();
    }

    private static Level levelOf(Optional<JsonNode> right) {
        return right.filter(node -> node.has("level"))
                .flatMap(node -> Level.ofWord(node.get("level").asString()))
                .orElse(null);
    }

    private Optional<String> word(AggregateId access, String key, String field) {
        return data(access, key)
                .filter(node -> node.has(field))
                .map(node -> node.get(field).asString());
    }

    private Optional<JsonNode> data(AggregateId access, String key) {
        return lookup.register(access, key).flatMap(register -> AccessEvents.read(register.data()));
    }
}
