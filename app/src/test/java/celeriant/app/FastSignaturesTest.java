package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.wire.JwsAlgorithm;
import celeriant.wire.SignatureProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;

class FastSignaturesTest {
    private final SignatureProvider fast = FastSignatures.find();
    private final byte[] message = {1, 2, 3};

    @Test
    void it_accepts_what_the_jdk_signed_and_nothing_else() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        assertAgrees(JwsAlgorithm.ES256, generator.generateKeyPair());
        assertAgrees(
                JwsAlgorithm.ED25519, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    private void assertAgrees(JwsAlgorithm algorithm, KeyPair keys) throws GeneralSecurityException {
        byte[] signature = SignatureProvider.jdk().sign(algorithm, keys.getPrivate(), message);
        assertEquals(64, signature.length);
        assertTrue(fast.verify(algorithm, keys.getPublic(), message, signature));
        assertArrayEquals(new byte[] {1, 2, 3}, message);

        signature[10] ^= 1;
        assertFalse(verifies(algorithm, keys, signature));
        assertFalse(verifies(algorithm, keys, new byte[64]), "r = s = 0");
    }

    private boolean verifies(JwsAlgorithm algorithm, KeyPair keys, byte[] signature) {
        try {
            return fast.verify(algorithm, keys.getPublic(), message, signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
