package celeriant.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A device's public key as a JSON Web Key (RFC 7517, 7518, 8037): a point on P-256 that is on the curve, or an Ed25519
 * key. Its thumbprint (RFC 7638) is the client's id. Immutable: any thread.
 */
public final class Jwk {
    /** The curves that are taken, with the names that RFC 7638 puts in order. */
    public enum Curve {
        P256,
        ED25519
    }

    /** The bytes of a coordinate on either curve. */
    static final int COORDINATE_BYTES = 32;

    static final ECParameterSpec P256 = p256();

    /** Members of RFC 7518 and 8037 that only a private or a symmetric key has. */
    private static final List<String> SECRET_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private static final BigInteger ED25519_PRIME =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private final Curve curve;
    private final byte[] x;
    private final byte[] y;

    private Jwk(Curve curve, byte[] x, byte[] y) {
        this.curve = curve;
        this.x = x;
        this.y = y;
    }

    /**
     * Takes it from the members of a JSON object, as {@link JsonTree} reads them; members that say nothing about the
     * key itself are ignored.
     *
     * @throws BadProofException for another kind of key, a private one, and a point that is not on the curve
     */
    public static Jwk of(Map<?, ?> members) throws BadProofException {
        for (String secret : SECRET_MEMBERS) {
            if (members.containsKey(secret)) {
                throw new BadProofException("the jwk holds more than a public key: " + secret);
            }
        }
        Object kind = members.get("kty");
        Object curveName = members.get("crv");
        if ("EC".equals(kind) && "P-256".equals(curveName)) {
            Jwk jwk = new Jwk(Curve.P256, coordinate(members, "x"), coordinate(members, "y"));
            jwk.checkOnCurve();
            return jwk;
        }
        if ("OKP".equals(kind) && "Ed25519".equals(curveName)) {
            Jwk jwk = new Jwk(Curve.ED25519, coordinate(members, "x"), null);
            if (jwk.edwardsY().compareTo(ED25519_PRIME) >= 0) {
                throw new BadProofException("the jwk's x is not a canonical Ed25519 key");
            }
            return jwk;
        }
        throw new BadProofException("the jwk is neither EC P-256 nor OKP Ed25519");
    }

    /** @throws IllegalArgumentException for a key on another curve */
    public static Jwk of(PublicKey key) {
        if (key instanceof ECPublicKey ec && ec.getParams().getCurve().equals(P256.getCurve())) {
            ECPoint point = ec.getW();
            return new Jwk(Curve.P256, bigEndian(point.getAffineX()), bigEndian(point.getAffineY()));
        }
        if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            byte[] encoded = reversed(bigEndian(ed.getPoint().getY()));
            if (ed.getPoint().isXOdd()) {
                encoded[COORDINATE_BYTES - 1] |= (byte) 0x80;
            }
            return new Jwk(Curve.ED25519, encoded, null);
        }
        throw new IllegalArgumentException("neither a P-256 nor an Ed25519 key: " + key.getAlgorithm());
    }

    public Curve curve() {
        return curve;
    }

    /** The members that RFC 7638 requires, in its order and without white space: also the key's own JSON form. */
    public String json() {
        String end = "\"x\":\"" + Base64Strict.encodeUrl(x) + "\"";
        return switch (curve) {
            case P256 -> "{\"crv\":\"P-256\",\"kty\":\"EC\"," + end + ",\"y\":\"" + Base64Strict.encodeUrl(y) + "\"}";
            case ED25519 -> "{\"crv\":\"Ed25519\",\"kty\":\"OKP\"," + end + "}";
        };
    }

    /** RFC 7638 with SHA-256: 43 characters of base64url. */
    public String thumbprint() {
        return Base64Strict.encodeUrl(sha256(json()));
    }

    /** The key for {@link java.security.Signature}. */
    public PublicKey publicKey() throws GeneralSecurityException {
        return switch (curve) {
            case P256 -> KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point(), P256));
            case ED25519 -> {
                EdECPoint point = new EdECPoint((x[COORDINATE_BYTES - 1] & 0x80) != 0, edwardsY());
                yield KeyFactory.getInstance("Ed25519")
                        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Jwk that && json().equals(that.json());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(x);
    }

    @Override
    public String toString() {
        return json();
    }

    static byte[] sha256(String ascii) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(ascii.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] coordinate(Map<?, ?> members, String name) throws BadProofException {
        byte[] bytes = members.get(name) instanceof String text ? Base64Strict.decodeUrl(text) : null;
        if (bytes == null || bytes.length != COORDINATE_BYTES) {
            throw new BadProofException("the jwk's " + name + " is not 32 bytes of base64url");
        }
        return bytes;
    }

    private void checkOnCurve() throws BadProofException {
        BigInteger prime = ((ECFieldFp) P256.getCurve().getField()).getP();
        BigInteger px = point().getAffineX();
        BigInteger py = point().getAffineY();
        BigInteger right = px.multiply(px)
                .add(P256.getCurve().getA())
                .multiply(px)
                .add(P256.getCurve().getB())
                .mod(prime);
        boolean inField = px.compareTo(prime) < 0 && py.compareTo(prime) < 0;
        if (!inField || !py.multiply(py).mod(prime).equals(right)) {
            throw new BadProofException("the jwk's point is not on P-256");
        }
    }

    private ECPoint point() {
        return new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
    }

    private BigInteger edwardsY() {
        byte[] bigEndian = reversed(x);
        bigEndian[0] &= 0x7F;
        return new BigInteger(1, bigEndian);
    }

    private static byte[] bigEndian(BigInteger value) {
        byte[] signed = value.toByteArray();
        byte[] out = new byte[COORDINATE_BYTES];
        int count = Math.min(signed.length, COORDINATE_BYTES);
        System.arraycopy(signed, signed.length - count, out, COORDINATE_BYTES - count, count);
        return out;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has secp256r1", e);
        }
    }
}
