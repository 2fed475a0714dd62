package celeriant.client;

import celeriant.model.AggregateId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * End-to-end encryption of event data with AES-256-GCM (NIST SP 800-38D). The gateway, the log and the local buffer
 * hold what is sealed and nothing else; keys stay with the application, which gives them by their ids.
 *
 * <pre>
 *   sealed data      := ciphertext, then the 16 bytes of the tag
 *   additional data  := aggregate "\n" type, then "\n" key if the event has one, as UTF-8
 *   plaintext        := the JSON text of the data, or its bytes; datacontenttype tells which
 * </pre>
 *
 * So sealed data cannot be moved to another aggregate, type or register unnoticed. Names, keys of registers, sizes and
 * times stay visible: do not put secrets there. Any thread. {@snippet file="celeriant/client/SnippetsTest.java"
 * region="encryption"}
 */
public final class A256Gcm implements Codec {
    private static final String ALGORITHM = "A256GCM";
    private static final int KEY_BYTES = 32;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String JSON = "application/json";
    private static final String OCTETS = "application/octet-stream";
    private static final String SNAPSHOT = "$snapshot";
    private static final String SEALED = "application/vnd.celeriant.sealed+json";

    private final Function<String, SecretKey> keys;
    private final Function<Event, String> sealWith;
    private final Supplier<byte[]> ivs;

    A256Gcm(Function<String, SecretKey> keys, Function<Event, String> sealWith, Supplier<byte[]> ivs) {
        this.keys = keys;
        this.sealWith = sealWith;
        this.ivs = ivs;
    }

    /**
     * A codec for {@link ClientBuilder#codec}.
     *
     * @param keys gives the AES key of 32 bytes with an id, or null when there is none (any more). Asked whenever
     *     something is sealed or opened, so that a key that the application forgets is not used again
     * @param sealWith gives the id of the key under which an event is sealed now; null leaves it readable for everyone
     */
    public static A256Gcm with(Function<String, SecretKey> keys, Function<Event, String> sealWith) {
        SecureRandom random = new SecureRandom();
        return new A256Gcm(keys, sealWith, () -> {
            byte[] iv = new byte[IV_BYTES];
            random.nextBytes(iv);
            return iv;
        });
    }

    @Override
    public Event seal(Event event) {
        String kid = sealWith.apply(event);
        if (kid == null) {
            return event;
        }
        EventData data = event.data();
        boolean json = data.form() == EventData.Form.JSON;
        String type = data.contentType() != null ? data.contentType() : json ? JSON : OCTETS;
        byte[] iv = ivs.get();
        byte[] sealed;
        try {
            sealed = cipher(Cipher.ENCRYPT_MODE, key(kid), iv, event).doFinal(data.bytes());
        } catch (GeneralSecurityException | UnreadableException e) {
            throw new IllegalStateException("cannot be sealed with the key " + kid + ": " + e.getMessage(), e);
        }
        Encryption encryption = new Encryption(
                ALGORITHM, kid, Base64.getUrlEncoder().withoutPadding().encodeToString(iv));
        return new Event(
                event.id(),
                event.aggregate(),
                event.type(),
                event.typeVersion(),
                event.key(),
                new EventData(EventData.Form.BINARY, sealed, type),
                event.time(),
                encryption);
    }

    @Override
    public EventData open(Event sealed) throws UnreadableException {
        Encryption encryption = sealed.encryption();
        if (!encryption.alg().equals(ALGORITHM)) {
            throw new UnreadableException("encrypted with " + encryption.alg() + "; this client opens " + ALGORITHM);
        }
        SecretKey key = key(encryption.kid());
        byte[] plain;
        try {
            byte[] iv = Base64.getUrlDecoder().decode(encryption.iv());
            plain = cipher(Cipher.DECRYPT_MODE, key, iv, sealed)
                    .doFinal(sealed.data().bytes());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnreadableException("not what was sealed with the key " + encryption.kid(), e);
        }
        String type =
                sealed.data().contentType() == null ? OCTETS : sealed.data().contentType();
        if (!type.toLowerCase(Locale.ROOT).matches("application/([\\w.-]+\\+)?json\\b.*")) {
            return new EventData(EventData.Form.BINARY, plain, type);
        }
        try {
            JsonTree.read(plain);
        } catch (BadBodyException e) {
            throw new UnreadableException("sealed as " + type + ", and no JSON", e);
        }
        return new EventData(EventData.Form.JSON, plain, type.equals(JSON) ? null : type);
    }

    @Override
    public EventData sealSnapshot(AggregateId aggregate, EventData content) {
        Event sealed = seal(Event.of(aggregate, SNAPSHOT, content));
        if (sealed.encryption() == null) {
            return content;
        }
        Map<String, Object> names = Map.of(
                "alg", sealed.encryption().alg(),
                "kid", sealed.encryption().kid(),
                "iv", sealed.encryption().iv());
        JsonBytes body = new JsonBytes()
                .value(Map.of(
                        "encryption",
                        names,
                        "data_base64",
                        Base64.getEncoder().encodeToString(sealed.data().bytes()),
                        "datacontenttype",
                        sealed.data().contentType()));
        return new EventData(EventData.Form.JSON, body.toByteArray(), SEALED);
    }

    @Override
    public EventData openSnapshot(AggregateId aggregate, EventData content) throws UnreadableException {
        if (!SEALED.equals(content.contentType())) {
            return content;
        }
        try {
            Map<?, ?> fields = (Map<?, ?>) JsonTree.read(content.bytes());
            Map<?, ?> names = (Map<?, ?>) fields.get("encryption");
            Encryption encryption =
                    new Encryption((String) names.get("alg"), (String) names.get("kid"), (String) names.get("iv"));
            byte[] sealed = Base64.getDecoder().decode((String) fields.get("data_base64"));
            EventData data = new EventData(EventData.Form.BINARY, sealed, (String) fields.get("datacontenttype"));
            return open(new Event(null, aggregate, SNAPSHOT, null, null, data, null, encryption));
        } catch (BadBodyException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new UnreadableException("a sealed snapshot of another shape", e);
        }
    }

    private SecretKey key(String kid) throws UnreadableException {
        SecretKey key = keys.apply(kid);
        if (key == null) {
            throw new UnreadableException("no key " + kid);
        }
        byte[] encoded = key.getEncoded();
        if (encoded != null && encoded.length != KEY_BYTES) {
            throw new UnreadableException("the key " + kid + " is not of " + KEY_BYTES + " bytes");
        }
        return key;
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] iv, Event event) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        String names = event.aggregate() + "\n" + event.type() + (event.key() == null ? "" : "\n" + event.key());
        cipher.updateAAD(names.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
