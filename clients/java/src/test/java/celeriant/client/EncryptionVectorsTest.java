package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.JsonBytes;
import celeriant.wire.RecordedReader;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A256GCM follows conformance/encryption:")
class EncryptionVectorsTest {
    static Stream<Arguments> cases() throws Exception {
        Map<?, ?> table = Conformance.read("encryption/a256gcm.json");
        return ((List<?>) table.get("cases")).stream().map(one -> Arguments.of(((Map<?, ?>) one).get("name"), one));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("seals and opens")
    void sealsAndOpens(String name, Map<?, ?> one) throws Exception {
        A256Gcm codec = codec(one);
        Event event = event(one.get("event"));
        Event sealed = event(one.get("sealed"));
        assertEquals(sealed, codec.seal(event));
        assertEquals(text(event.data()), text(codec.open(sealed)));
        assertEquals(event.data().form(), codec.open(sealed).form());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("does not open what was moved, or changed in any bit")
    void tampered(String name, Map<?, ?> one) throws Exception {
        A256Gcm codec = codec(one);
        Event sealed = event(one.get("sealed"));
        assertThrows(UnreadableException.class, () -> codec.open(with(sealed, new AggregateId("other", "o"), null)));
        assertThrows(UnreadableException.class, () -> codec.open(with(sealed, sealed.aggregate(), "other")));
        byte[] bytes = sealed.data().bytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            EventData data =
                    new EventData(EventData.Form.BINARY, changed, sealed.data().contentType());
            Event flipped = new Event(
                    null, sealed.aggregate(), sealed.type(), null, sealed.key(), data, null, sealed.encryption());
            assertThrows(UnreadableException.class, () -> codec.open(flipped));
        }
    }

    private static A256Gcm codec(Map<?, ?> one) {
        SecretKey key = new SecretKeySpec(HexFormat.of().parseHex((String) one.get("key")), "AES");
        byte[] iv = HexFormat.of().parseHex((String) one.get("iv"));
        String kid = (String) ((Map<?, ?>) ((Map<?, ?>) one.get("sealed")).get("encryption")).get("kid");
        return new A256Gcm(id -> id.equals(kid) ? key : null, event -> kid, iv::clone);
    }

    private static Event with(Event of, AggregateId aggregate, String key) {
        return new Event(
                null, aggregate, of.type(), null, key == null ? of.key() : key, of.data(), null, of.encryption());
    }

    private static Event event(Object fields) throws Exception {
        return RecordedReader.readUnrecorded(
                        new JsonBytes().value(List.of(fields)).toByteArray())
                .get(0);
    }

    private static String text(EventData data) {
        return HexFormat.of().formatHex(data.bytes());
    }
}
