package celeriant.log.embedded.verify;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of an org's chain after an append, computed from its description (HashChain) anew. */
final class ChainHash {
    private ChainHash() {}

    static byte[] after(byte[] previous, RecordParser.Parsed append) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(previous);
            out.writeByte(1);
            text(out, append.org());
            text(out, append.client());
            out.writeLong(append.sequence());
            out.write(append.id());
            out.writeLong(append.recordedAt());
            out.writeLong(append.position());
            out.writeInt(append.clientEvents());
            out.writeInt(append.events().size());
            for (RecordParser.ParsedEvent event : append.events()) {
                event(out, event);
            }
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void event(DataOutputStream out, RecordParser.ParsedEvent event) throws IOException {
        out.writeLong(event.version());
        out.write(event.id());
        text(out, event.aggregateType());
        text(out, event.aggregateId());
        text(out, event.type());
        text(out, event.typeVersion());
        text(out, event.key());
        text(out, event.time());
        out.writeByte(event.form());
        text(out, event.contentType());
        text(out, event.alg());
        text(out, event.kid());
        text(out, event.iv());
        out.writeInt(event.data().length);
        out.write(event.data());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }
    }
}
