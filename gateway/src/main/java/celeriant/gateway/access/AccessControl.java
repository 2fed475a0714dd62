package celeriant.gateway.access;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides in the order of the log whether a principal may append, so that a right that was taken away one append
 * earlier is gone. Who creates an aggregate owns it, in the same append. Confined to the log's writer thread.
 */
public final class AccessControl implements Admission {
    /**
     * The gateway's own changes of system aggregates on a principal's behalf, whose right was checked on the version
     * they expect.
     *
     * @param takesAway whether it takes rights away and gives none: that must be possible on a full disk, too
     */
    record SystemChange(Principal principal, boolean takesAway) implements Caller {
        @Override
        public boolean cannotWait() {
            return takesAway;
        }
    }

    private final Function<String, OrgPolicy> policies;

    /** {@code policies} gives each org's policy by its name; it must not block. */
    public AccessControl(Function<String, OrgPolicy> policies) {
        this.policies = policies;
    }

    @Override
    public Verdict admit(AppendRequest request, Append append, View view) {
        return switch (request.caller()) {
            case SystemChange change -> Verdict.ADMITTED;
            case Principal principal -> new Decision(principal, policies.apply(request.org()), view).on(append);
            case Caller embedder when embedder == Caller.EMBEDDER -> Verdict.ADMITTED;
            default -> throw new IllegalStateException("a caller that the gateway does not know");
        };
    }

    /** Trim and delete are for owners, so is another snapshot of the same version; the rest is for contributors. */
    @Override
    public Optional<Problem> refusal(Action action, String org, AggregateId aggregate, Caller caller, View view) {
        Level needed = switch (action) {
            case TRIM, DELETE, REPLACE -> Level.OWNER;
            case PUBLISH -> Level.CONTRIBUTOR;
        };
        return switch (caller) {
            case Principal principal -> new Rights(view::register).refusal(principal, aggregate, needed);
            case Caller embedder when embedder == Caller.EMBEDDER -> Optional.empty();
            default -> throw new IllegalStateException("a caller that the gateway does not know");
        };
    }

    /** One append's verdict. */
    private record Decision(Principal principal, OrgPolicy policy, View view) {
        Verdict on(Append append) {
            if (mayAppendAnywhere()) {
                return Verdict.ADMITTED;
            }
            Rights rights = new Rights(view::register);
            Map<AggregateId, Integer> firstEvents = new LinkedHashMap<>();
            List<Event> events = append.events();
            for (int i = 0; i < events.size(); i++) {
                firstEvents.putIfAbsent(events.get(i).aggregate(), i);
            }
            List<Event> ownership = new ArrayList<>();
            for (Map.Entry<AggregateId, Integer> entry : firstEvents.entrySet()) {
                AggregateId aggregate = entry.getKey();
                if (isNew(aggregate)) {
                    if (!mayCreate(rights)) {
                        return denied("/events/" + entry.getValue() + "/aggregate", aggregate, "append to");
                    }
                    if (principal.isDevice()) {
                        ownership.add(AccessEvents.granted(AccessNames.of(aggregate), principal.owner(), Level.OWNER));
                    }
                    if (policy.created() != null) {
                        ownership.add(AccessEvents.published(AccessNames.of(aggregate), policy.created()));
                    }
                } else if (!has(rights, aggregate, Level.CONTRIBUTOR)) {
                    return denied("/events/" + entry.getValue() + "/aggregate", aggregate, "append to");
                }
            }
            for (AggregateId aggregate : append.expected().keySet()) {
                if (!firstEvents.containsKey(aggregate) && !mayExpect(rights, aggregate)) {
                    return denied("/expected", aggregate, "read");
                }
            }
            return ownership.isEmpty() ? Verdict.ADMITTED : new Admitted(ownership);
        }

        /** A key's scope holds for every aggregate, those that it creates included, and it owns none of them. */
        private boolean mayAppendAnywhere() {
            return !principal.isDevice()
                    && principal.scope().level().includes(Level.CONTRIBUTOR)
                    && policy.created() == null;
        }

        /** Neither was there ever an event, nor did anybody set its access before the first one. */
        private boolean isNew(AggregateId aggregate) {
            return view.version(aggregate) == 0 && view.version(AccessNames.of(aggregate)) == 0;
        }

        private boolean mayCreate(Rights rights) {
            if (!principal.isDevice()) {
                return principal.scope().level().includes(Level.CONTRIBUTOR);
            }
            return policy.open() || rights.role(principal).isPresent();
        }

        /** To whom creating is not open, what does not exist looks like what it may not read. */
        private boolean mayExpect(Rights rights, AggregateId aggregate) {
            if (AccessNames.isBeside(aggregate)) {
                return has(rights, AccessNames.subject(aggregate), Level.OWNER);
            }
            return isNew(aggregate) && !aggregate.isSystem() ? mayCreate(rights) : has(rights, aggregate, Level.READER);
        }

        private boolean has(Rights rights, AggregateId aggregate, Level needed) {
            Level level = rights.level(principal, aggregate);
            return level != null && level.includes(needed);
        }

        private static Verdict denied(String pointer, AggregateId aggregate, String action) {
            return new Denied(Problem.of(
                            ErrorCode.ACCESS_DENIED,
                            "You may not " + action + " " + aggregate
                                    + ". Ask one of its owners, or the org's admins, for access.")
                    .with("pointer", pointer)
                    .with("aggregate", aggregate.toString()));
        }
    }
}
