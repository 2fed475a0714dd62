package celeriant.streams;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Appends, trims, deletes, grants and revokes, one request after the other, each sent again until it is answered, and
 * notes what was acknowledged. Confined to its thread.
 */
final class Appender {
    static final String ORG = "acme";
    static final List<String> AGGREGATES =
            List.of("a/s0", "a/s1", "a/s2", "a/s3", "a/s4", "b/s0", "b/s1", "b/s2", "b/s3", "b/s4");

    private static final int APPENDS = 80;
    private static final int APPEND_EVENTS_MAX = 4;
    private static final int OTHER_EVERY = 5;
    private static final int TRIM_BEHIND_MAX = 400;
    private static final long RETRY_MILLIS = 20;
    private static final String PADDING = "x".repeat(60);

    private final int port;
    private final List<String> credentials;
    private final String device;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final Set<String> granted = new HashSet<>();
    private long sequence;
    private long appended;

    /** @param device a client that is granted and revoked rights */
    Appender(int port, String key, String device, Ledger ledger, SplittableRandom random) {
        this.port = port;
        this.credentials = List.of("Authorization: Bearer " + key);
        this.device = device;
        this.ledger = ledger;
        this.random = random;
    }

    /** Appends so many events at least, and until it is enough, and says where the log then ends. */
    void run(long events, BooleanSupplier isEnough) {
        for (int push = 1; appended < events || !isEnough.getAsBoolean(); push++) {
            push();
            if (push % OTHER_EVERY == 0) {
                other(AGGREGATES.get(random.nextInt(AGGREGATES.size())));
            }
        }
        Map<String, String> page = Scan.object(settle("GET", "/v1/" + ORG + "/events?limit=1", List.of(), null));
        ledger.ended(Long.parseLong(page.get("position")));
    }

    private void push() {
        String[] aggregates = new String[APPENDS];
        int[] counts = new int[APPENDS];
        int[] next = new int[AGGREGATES.size()];
        StringBuilder body = new StringBuilder("{\"after\":");
        body.append(sequence == 0 ? "null" : "{\"sequence\":" + sequence + ",\"id\":\"" + id(sequence) + "\"}");
        body.append(",\"appends\":[");
        for (int i = 0; i < APPENDS; i++) {
            int index = random.nextInt(AGGREGATES.size());
            aggregates[i] = AGGREGATES.get(index);
            counts[i] = 1 + random.nextInt(APPEND_EVENTS_MAX);
            sequence++;
            body.append(i == 0 ? "" : ",").append("{\"sequence\":").append(sequence);
            body.append(",\"id\":\"").append(id(sequence)).append("\",\"events\":[");
            int from = ledger.count(aggregates[i]) + next[index];
            for (int n = from + 1; n <= from + counts[i]; n++) {
                body.append(n == from + 1 ? "" : ",")
                        .append("{\"aggregate\":\"")
                        .append(aggregates[i]);
                body.append("\",\"type\":\"t")
                        .append(n % Ledger.TYPES)
                        .append("\",\"data\":{\"n\":")
                        .append(n);
                body.append(",\"padding\":\"").append(PADDING).append("\"}}");
            }
            body.append("]}");
            next[index] += counts[i];
        }
        String answer = settle("POST", "/v1/" + ORG + "/appends", List.of(), body + "]}");
        int[] result = {0};
        Scan.array(Scan.object(answer).get("results"), settled -> {
            int i = result[0]++;
            String status = settled.get("status");
            if (!status.equals("appended") && !status.equals("duplicate")) {
                throw new AssertionError("an append was not taken: " + settled);
            }
            String positions = settled.get("positions");
            long last = Long.parseLong(positions.substring(positions.indexOf(',') + 1, positions.length() - 1));
            long version = Long.parseLong(Scan.object(settled.get("versions")).get(aggregates[i]));
            ledger.appended(aggregates[i], counts[i], version, last);
            appended += counts[i];
        });
    }

    private static UUID id(long number) {
        return UUID.nameUUIDFromBytes(("append " + number).getBytes(StandardCharsets.US_ASCII));
    }

    private void other(String aggregate) {
        int count = ledger.count(aggregate);
        String path = "/v1/" + ORG + "/" + aggregate;
        List<String> once = List.of("Idempotency-Key: " + new UUID(random.nextLong(), random.nextLong()));
        int what = random.nextInt(20);
        if (what < 6 && count > 0) {
            int kept = random.nextBoolean()
                    ? 1 + random.nextInt(count)
                    : Math.max(1, count - random.nextInt(TRIM_BEHIND_MAX));
            long before = ledger.version(aggregate, kept);
            ledger.discarding(aggregate, kept - 1);
            settle("POST", path + "/trim", once, "{\"before\":" + before + ",\"force\":true}");
        } else if (what == 6 && count > 0) {
            ledger.discarding(aggregate, count);
            settle("DELETE", path, once, null);
        } else if (granted.add(aggregate)) {
            String grant = "{\"grants\":[{\"client\":\"" + device + "\",\"level\":\"reader\"}]}";
            settle("PATCH", path + "/access", List.of(), grant);
        } else if (what > 14) {
            granted.remove(aggregate);
            settle("POST", path + "/revoke", List.of(), "{\"client\":\"" + device + "\"}");
        }
    }

    /** Sends it until it is answered. An aggregate that was deleted twice in a row is not found, which is fine. */
    private String settle(String method, String path, List<String> own, String body) {
        List<String> lines = new ArrayList<>(credentials);
        lines.addAll(own);
        while (true) {
            try (Wire wire = new Wire(port, method, path, lines, Wire.JSON, body, Wire.ANSWER_MILLIS)) {
                String text = wire.text();
                if (wire.status() < 300 || wire.status() == 404 && !method.equals("GET")) {
                    return text;
                }
                if (wire.status() != 503) {
                    throw new AssertionError(method + " " + path + ": " + wire.status() + " " + text);
                }
            } catch (IOException gatewayIsDown) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
            }
        }
    }
}
