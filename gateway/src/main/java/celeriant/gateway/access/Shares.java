package celeriant.gateway.access;

import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Share links and invitations: whoever redeems the secret gets the level, or becomes a member. The secret is shown once
 * and kept only as a hash; a read consumes nothing. Blocks on the log: call it on a worker.
 */
public final class Shares {
    private static final int SECRET_BYTES = 24;
    private static final int ID_BYTES = 9;

    private final EventLog log;
    private final AccessService access;
    private final SystemAppender appender;
    private final IntFunction<byte[]> random;

    /** A share as its maker is told it, once. */
    public record Made(String id, String secret) {}

    Shares(EventLog log, AccessService access, SystemAppender appender, IntFunction<byte[]> random) {
        this.log = log;
        this.access = access;
        this.appender = appender;
        this.random = random;
    }

    /** {@code POST …/shares} of an aggregate. */
    public Made share(String org, Principal principal, AggregateId aggregate, AccessBodies.ShareWish wish) {
        return make(
                org, principal, AccessNames.of(aggregate), wish, () -> access.ownersView(org, principal, aggregate));
    }

    /** {@code POST /v1/{org}/shares}: an invitation. */
    public Made invite(String org, Principal principal, AccessBodies.ShareWish wish) {
        return make(org, principal, AccessNames.MEMBERS, wish, () -> access.membersView(org, principal));
    }

    /** {@code view} refuses who may not; the change is made on the version that it was asked of. */
    private Made make(
            String org,
            Principal principal,
            AggregateId beside,
            AccessBodies.ShareWish wish,
            Supplier<AggregateAccess> view) {
        requireComing(wish.expires());
        String secret = text(SECRET_BYTES);
        Share share = new Share(text(ID_BYTES), wish.gives(), wish.expires(), wish.uses(), 0, hash(secret));
        appender.change(
                org,
                principal,
                beside,
                () -> new SystemAppender.Change(
                        view.get().version(),
                        List.of(AccessEvents.shareChanged(beside, share), AccessEvents.shareIndexed(share, beside))));
        return new Made(share.id(), secret);
    }

    /** Nobody could redeem it: its maker's clock is wrong, or another time was meant. */
    private void requireComing(Instant expires) {
        Instant now = access.now();
        if (expires != null && !now.isBefore(expires)) {
            throw RefusedException.badRequest(
                    AccessBodies.EXPIRES,
                    "expires has passed: here it is " + now.truncatedTo(ChronoUnit.SECONDS) + ".");
        }
    }

    /** {@code DELETE …/shares/{id}} of an aggregate; the rights that it gave stay. */
    public void withdraw(String org, Principal principal, AggregateId aggregate, String id) {
        withdrawFrom(org, principal, AccessNames.of(aggregate), id, () -> access.ownersView(org, principal, aggregate));
    }

    /** {@code DELETE /v1/{org}/shares/{id}}. */
    public void withdrawInvitation(String org, Principal principal, String id) {
        withdrawFrom(org, principal, AccessNames.MEMBERS, id, () -> access.membersView(org, principal));
    }

    private void withdrawFrom(
            String org, Principal principal, AggregateId beside, String id, Supplier<AggregateAccess> view) {
        appender.change(org, principal, beside, () -> {
            AggregateAccess read = view.get();
            if (!read.shares().containsKey(id)) {
                throw RefusedException.of(ErrorCode.NOT_FOUND, "There is no such share.");
            }
            return new SystemAppender.Change(read.version(), List.of(AccessEvents.shareWithdrawn(beside, id)), true);
        });
    }

    /** {@code POST /v1/{org}/shares/redeem}: {@code {"aggregate", "level"}} or {@code {"role"}}. */
    public Map<String, Object> redeem(String org, Principal principal, String secret) {
        JsonNode place = log.register(org, AccessNames.SHARES, hash(secret))
                .flatMap(register -> AccessEvents.read(register.data()))
                .orElseThrow(Shares::unknown);
        AggregateId beside = AggregateId.parse(place.get("access").asString());
        String id = place.get("id").asString();
        AtomicReference<String> given = new AtomicReference<>();
        appender.change(org, principal, beside, () -> redeemOn(org, principal, beside, id, given));
        Map<String, Object> body = new LinkedHashMap<>();
        if (AccessNames.isBeside(beside)) {
            body.put("aggregate", AccessNames.subject(beside).toString());
            body.put("level", given.get());
        } else {
            body.put("role", given.get());
        }
        return body;
    }

    private SystemAppender.Change redeemOn(
            String org, Principal principal, AggregateId beside, String id, AtomicReference<String> given) {
        AggregateAccess read = access.read(org, beside);
        Share share = Optional.ofNullable(read.shares().get(id)).orElseThrow(Shares::unknown);
        Grantee grantee = principal.owner();
        if (principal.grantees().stream().anyMatch(read.revoked()::contains)) {
            throw RefusedException.of(
                    ErrorCode.ACCESS_DENIED, "Your access was revoked; only an owner can give it back.");
        }
        Optional<String> before = read.redeemedBy(id, grantee);
        if (before.isPresent()) {
            given.set(before.get());
            return new SystemAppender.Change(read.version(), List.of());
        }
        if (share.isSpent(access.now())) {
            throw RefusedException.of(ErrorCode.GONE, "The share has lapsed or was used up; ask for a new one.");
        }
        given.set(share.gives());
        List<Event> events = new ArrayList<>();
        events.add(AccessEvents.shareChanged(beside, share.usedOnce()));
        events.add(AccessEvents.redeemed(beside, id, grantee, share.gives()));
        gift(beside, read, grantee, share.gives()).ifPresent(events::add);
        return new SystemAppender.Change(read.version(), events);
    }

    /** The grant that the share gives; none when the grantee has as much already. */
    private static Optional<Event> gift(AggregateId beside, AggregateAccess read, Grantee grantee, String gives) {
        String has = read.grants().get(grantee);
        if (AccessNames.isBeside(beside)) {
            Level gift = Level.ofWord(gives).orElseThrow();
            boolean isMore = has == null || !Level.ofWord(has).orElseThrow().includes(gift);
            return isMore ? Optional.of(AccessEvents.granted(beside, grantee, gift)) : Optional.empty();
        }
        Role gift = Role.ofWord(gives).orElseThrow();
        boolean isMore = has == null || gift == Role.ADMIN;
        return isMore ? Optional.of(AccessEvents.memberSet(grantee, gift)) : Optional.empty();
    }

    private static RefusedException unknown() {
        return RefusedException.of(ErrorCode.NOT_FOUND, "There is no such share, or it was withdrawn.");
    }

    private String text(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random.apply(bytes));
    }

    private static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
