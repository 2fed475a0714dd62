package celeriant.client.gateway;

import celeriant.wire.SignatureProvider;
import java.security.SecureRandom;
import java.util.UUID;

/** The client's only way to time and chance: tests and simulations put their own in its place. Any thread. */
public interface World {
    /** This device's wall clock. Decides nothing but how long to wait; shown as ages. */
    long nowMillis();

    /** A new random id. */
    UUID newId();

    /** A number in [0, 1). */
    double random();

    /** Makes the signatures of proofs. */
    SignatureProvider signatures();

    /** The real one. */
    static World system() {
        SecureRandom random = new SecureRandom();
        SignatureProvider signatures = SignatureProvider.jdk();
        return new World() {
            @Override
            public long nowMillis() {
                return SystemClock.nowMillis();
            }

            @Override
            public UUID newId() {
                return RandomIds.next();
            }

            @Override
            public double random() {
                return random.nextDouble();
            }

            @Override
            public SignatureProvider signatures() {
                return signatures;
            }
        };
    }
}
