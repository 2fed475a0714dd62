package celeriant.gateway.access;

import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads and changes access on a principal's behalf. A change is a conditional append to the access aggregate that was
 * read, so that two changes at once cannot both be made on the same state. Blocks on the log: call it on a worker.
 */
public final class AccessService {
    private final EventLog log;
    private final Function<String, OrgPolicy> policies;
    private final SystemAppender appender;

    /** An access aggregate as the caller may see it. */
    public record Answer(long version, Map<String, Object> body) {}

    AccessService(EventLog log, Function<String, OrgPolicy> policies, SystemAppender appender) {
        this.log = log;
        this.policies = policies;
        this.appender = appender;
    }

    /** The rights in {@code org} as the log is now. */
    public Rights rights(String org) {
        return new Rights((aggregate, key) -> log.register(org, aggregate, key));
    }

    /** What {@code principal} may do with {@code aggregate} now, null for nothing. */
    public Level level(String org, Principal principal, AggregateId aggregate) {
        return rights(org).level(principal, aggregate);
    }

    /** Whether it may append to {@code aggregate}, and be seen there. */
    public boolean mayContribute(String org, Principal principal, AggregateId aggregate) {
        Level level = level(org, principal, aggregate);
        return level != null && level.includes(Level.CONTRIBUTOR);
    }

    /** Whether it may do everything in the org. */
    public boolean isAdmin(String org, Principal principal) {
        return principal.isDevice()
                ? rights(org).role(principal).filter(Role.ADMIN::equals).isPresent()
                : principal.scope() == Principal.Scope.ADMIN;
    }

    /** Whether it may register schemas: admins, and every device where the org's policy counts it as one. */
    public boolean mayRegisterSchemas(String org, Principal principal) {
        return isAdmin(org, principal)
                || principal.isDevice() && policies.apply(org).devicesAreAdmins();
    }

    /** Whether it may create aggregates. */
    public boolean mayCreate(String org, Principal principal) {
        return principal.isDevice()
                ? policies.apply(org).open() || rights(org).role(principal).isPresent()
                : principal.scope().level().includes(Level.CONTRIBUTOR);
    }

    /**
     * Refuses unless {@code principal} has {@code needed}: {@code not-found} for what it may not know of, else
     * {@code access-denied}.
     */
    public void require(String org, Principal principal, AggregateId aggregate, Level needed) {
        rights(org).refusal(principal, aggregate, needed).ifPresent(problem -> {
            throw new RefusedException(problem);
        });
    }

    /** {@code GET …/access}. */
    public Answer access(String org, Principal principal, AggregateId aggregate) {
        AggregateAccess access = ownersView(org, principal, aggregate);
        return new Answer(access.version(), access.toFields(appender.now()));
    }

    /** The access of an aggregate that is there, or was, to one of its owners; others are refused. */
    AggregateAccess ownersView(String org, Principal principal, AggregateId aggregate) {
        AggregateAccess access = read(org, AccessNames.of(aggregate));
        require(org, principal, aggregate, Level.OWNER);
        if (isNew(org, aggregate, access)) {
            throw RefusedException.of(ErrorCode.NOT_FOUND, "There is no " + aggregate + ".");
        }
        return access;
    }

    /** {@code PATCH …/access}; of an aggregate that does not exist yet the caller becomes the owner. */
    public Answer patch(
            String org,
            Principal principal,
            AggregateId aggregate,
            AccessBodies.AccessPatch patch,
            ExpectedVersion expected) {
        AggregateId beside = AccessNames.of(aggregate);
        appender.change(org, principal, beside, () -> {
            AggregateAccess access = read(org, beside);
            boolean isNew = isNew(org, aggregate, access);
            if (isNew) {
                requireMayCreate(org, principal, aggregate);
            } else {
                require(org, principal, aggregate, Level.OWNER);
            }
            // Behind the right: to others the version would tell that there is such an aggregate.
            requireVersion(aggregate, expected, access.version());
            List<Event> events = new ArrayList<>();
            Set<Grantee> owners = access.owners();
            if (isNew && principal.isDevice()) {
                owners.add(principal.owner());
                events.add(AccessEvents.granted(beside, principal.owner(), Level.OWNER));
            }
            patch.grants().forEach((grantee, level) -> {
                // Only a grant lifts a revocation, which stands in the same register.
                if (level.isPresent() || !access.revoked().contains(grantee)) {
                    events.add(AccessEvents.granted(beside, grantee, level.orElse(null)));
                }
            });
            if (patch.isPublicNamed()) {
                events.add(AccessEvents.published(beside, patch.publicLevel()));
            }
            requireOwnerStays(owners, patch);
            return new SystemAppender.Change(access.version(), events, !isNew && takesAway(access, patch));
        });
        AggregateAccess after = read(org, beside);
        return new Answer(after.version(), after.toFields(appender.now()));
    }

    private static boolean takesAway(AggregateAccess access, AccessBodies.AccessPatch patch) {
        boolean opens = patch.isPublicNamed() && isMore(patch.publicLevel(), access.publicLevel());
        return !opens
                && patch.grants().entrySet().stream()
                        .noneMatch(grant -> isMore(grant.getValue().orElse(null), levelOf(access, grant.getKey())));
    }

    private static Level levelOf(AggregateAccess access, Grantee grantee) {
        return Level.ofWord(access.grants().get(grantee)).orElse(null);
    }

    private static Role roleOf(AggregateAccess members, Grantee grantee) {
        return Role.ofWord(members.grants().get(grantee)).orElse(null);
    }

    /** Whether a level, or a role, is more than another; null is none. */
    private static <R extends Enum<R>> boolean isMore(R given, R had) {
        return given != null && (had == null || given.compareTo(had) > 0);
    }

    private boolean isNew(String org, AggregateId aggregate, AggregateAccess access) {
        return access.version() == 0 && log.aggregate(org, aggregate).isEmpty();
    }

    /** To whom creating is not open is not told whether it exists. */
    private void requireMayCreate(String org, Principal principal, AggregateId aggregate) {
        if (!mayCreate(org, principal)) {
            throw new RefusedException(Rights.unknown(aggregate));
        }
    }

    private static void requireOwnerStays(Set<Grantee> owners, AccessBodies.AccessPatch patch) {
        Set<Grantee> after = new HashSet<>(owners);
        patch.grants().forEach((grantee, level) -> {
            if (level.filter(Level.OWNER::equals).isPresent()) {
                after.add(grantee);
            } else {
                after.remove(grantee);
            }
        });
        if (!owners.isEmpty() && after.isEmpty()) {
            throw RefusedException.badRequest(
                    "/grants", "The last owner cannot go; make somebody else an owner first.");
        }
    }

    /** {@code POST …/revoke}: outranks grants, shares and public, until an owner grants to that name again. */
    public Answer revoke(String org, Principal principal, AggregateId aggregate, Grantee grantee) {
        AggregateId beside = AccessNames.of(aggregate);
        appender.change(org, principal, beside, () -> {
            AggregateAccess access = ownersView(org, principal, aggregate);
            if (access.owners().equals(Set.of(grantee))) {
                String pointer = grantee instanceof Grantee.User ? "/user" : "/client";
                throw RefusedException.badRequest(
                        pointer, "The last owner cannot go; make somebody else an owner first.");
            }
            return new SystemAppender.Change(access.version(), List.of(AccessEvents.revoked(beside, grantee)), true);
        });
        AggregateAccess after = read(org, beside);
        return new Answer(after.version(), after.toFields(appender.now()));
    }

    /** {@code GET …/members}. */
    public Answer members(String org, Principal principal) {
        AggregateAccess members = membersView(org, principal);
        return new Answer(members.version(), members.toMemberFields(appender.now()));
    }

    /** The org's members, to one of its admins; others are refused. */
    AggregateAccess membersView(String org, Principal principal) {
        AggregateAccess members = read(org, AccessNames.MEMBERS);
        requireAdmin(org, principal);
        return members;
    }

    /** {@code PATCH …/members}. */
    public Answer patchMembers(
            String org, Principal principal, Map<Grantee, Optional<Role>> changes, ExpectedVersion expected) {
        appender.change(org, principal, AccessNames.MEMBERS, () -> {
            AggregateAccess members = membersView(org, principal);
            requireVersion(AccessNames.MEMBERS, expected, members.version());
            List<Event> events = new ArrayList<>();
            changes.forEach((grantee, role) -> events.add(AccessEvents.memberSet(grantee, role.orElse(null))));
            boolean takesAway = changes.entrySet().stream()
                    .noneMatch(change -> isMore(change.getValue().orElse(null), roleOf(members, change.getKey())));
            return new SystemAppender.Change(members.version(), events, takesAway);
        });
        AggregateAccess after = read(org, AccessNames.MEMBERS);
        return new Answer(after.version(), after.toMemberFields(appender.now()));
    }

    private void requireAdmin(String org, Principal principal) {
        if (!isAdmin(org, principal)) {
            throw RefusedException.of(ErrorCode.ACCESS_DENIED, "This is for the org's admins.");
        }
    }

    AggregateAccess read(String org, AggregateId access) {
        return AggregateAccess.read(log.state(org, access));
    }

    Instant now() {
        return appender.now();
    }

    private static void requireVersion(AggregateId aggregate, ExpectedVersion expected, long actual) {
        if (!expected.matches(actual, actual > 0)) {
            throw new RefusedException(
                    Problem.of(ErrorCode.VERSION_CONFLICT, "The access changed since you read it; read it again.")
                            .with("aggregate", aggregate.toString())
                            .with("expected", expected.number())
                            .with("actual", actual));
        }
    }
}
