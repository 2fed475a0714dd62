package celeriant.gateway.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * The nonces that proofs carry (RFC 9449 section 8): a time bucket and its HMAC under a secret of this process, so that
 * nothing is stored and a restart makes all of them stale, and with them every proof that was ever seen. Any thread.
 */
public final class Nonces {
    /** How long a nonce is good for, counted from the end of the bucket in which it was given. */
    public static final long LIFE_SECONDS = 300;

    private static final long BUCKET_SECONDS = 30;
    private static final int MAC_BYTES = 12;
    private static final int BYTES = Long.BYTES + MAC_BYTES;

    private final SecretKeySpec secret;
    private final InstantSource clock;
    private volatile Given latest;

    private record Given(long bucket, String nonce) {}

    public Nonces(byte[] secret, InstantSource clock) {
        this.secret = Hmac.key(secret);
        this.clock = clock;
        this.latest = given(bucket());
    }

    /** The one to use now. */
    public String current() {
        long bucket = bucket();
        Given known = latest;
        if (known.bucket() != bucket) {
            known = given(bucket);
            latest = known;
        }
        return known.nonce();
    }

    /** Whether {@code nonce} is one of ours that is still good. */
    public boolean isGood(String nonce) {
        byte[] bytes = decoded(nonce);
        if (bytes == null) {
            return false;
        }
        long bucket = ByteBuffer.wrap(bytes).getLong();
        long age = bucket() - bucket;
        return age >= 0 && age * BUCKET_SECONDS <= LIFE_SECONDS && MessageDigest.isEqual(bytes, bytesOf(bucket));
    }

    private static byte[] decoded(String nonce) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(nonce);
            return bytes.length == BYTES ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private long bucket() {
        return Math.floorDiv(clock.instant().getEpochSecond(), BUCKET_SECONDS);
    }

    private Given given(long bucket) {
        return new Given(bucket, Base64.getUrlEncoder().withoutPadding().encodeToString(bytesOf(bucket)));
    }

    private byte[] bytesOf(long bucket) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(bucket);
        bytes.put(Hmac.sign(secret, bytes.array(), Long.BYTES), 0, MAC_BYTES);
        return bytes.array();
    }
}
