package celeriant.simulation;

import celeriant.wire.DeviceKey;
import celeriant.wire.Jwk;
import celeriant.wire.JwsAlgorithm;
import celeriant.wire.SignatureProvider;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Device keys, the same in every run, and signatures that cost nothing: cryptography is not what is simulated. */
final class Keys {
    private static final int SIGNATURE_BYTES = 64;
    private static final SecureRandom SEEDED = new SeededRandom();
    private static final List<DeviceKey> MADE = new ArrayList<>();

    private int given;

    /** Another one. */
    DeviceKey next() {
        synchronized (MADE) {
            if (given == MADE.size()) {
                MADE.add(DeviceKey.generate(Jwk.Curve.ED25519, SEEDED));
            }
            return MADE.get(given++);
        }
    }

    static SignatureProvider signatures() {
        return new SignatureProvider() {
            @Override
            public boolean verify(JwsAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature) {
                return true;
            }

            @Override
            public byte[] sign(JwsAlgorithm algorithm, PrivateKey key, byte[] message) {
                return new byte[SIGNATURE_BYTES];
            }
        };
    }

    private static final class SeededRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient SplittableRandom source = new SplittableRandom(1);

        @Override
        public void nextBytes(byte[] bytes) {
            source.nextBytes(bytes);
        }
    }
}
