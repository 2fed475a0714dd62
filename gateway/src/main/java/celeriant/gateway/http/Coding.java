package celeriant.gateway.http;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * How a body is packed for a caller that takes it (RFC 9110 section 12.5.3): as it likes best, else zstd (RFC 8878),
 * Brotli (RFC 7932), gzip. Event streams never are. Stateless: any thread.
 */
enum Coding {
    ZSTD("zstd") {
        @Override
        OutputStream into(ByteArrayOutputStream packed) throws IOException {
            return new ZstdOutputStreamNoFinalizer(packed, ZSTD_LEVEL);
        }
    },
    BROTLI("br") {
        @Override
        OutputStream into(ByteArrayOutputStream packed) throws IOException {
            return new BrotliOutputStream(packed, Encoder.Parameters.create(BROTLI_QUALITY));
        }

        @Override
        boolean isOffered() {
            return BrotliLibrary.isLoaded();
        }
    },
    GZIP("gzip") {
        @Override
        OutputStream into(ByteArrayOutputStream packed) throws IOException {
            return new GZIPOutputStream(packed, GZIP_BUFFER_BYTES, true) {
                {
                    def.setLevel(GZIP_LEVEL);
                }
            };
        }
    };

    /** Below it, packing brings nothing. */
    static final int BYTES_MIN = 1_024;

    /** What a caller says of bodies that are not packed, and of all that it does not name. */
    private static final String UNPACKED = "identity";

    private static final String ANY = "*";

    private static final int ZSTD_LEVEL = 3;
    private static final int BROTLI_QUALITY = 4;
    private static final int GZIP_LEVEL = 4;
    private static final int GZIP_BUFFER_BYTES = 8_192;

    private final String token;

    Coding(String token) {
        this.token = token;
    }

    abstract OutputStream into(ByteArrayOutputStream packed) throws IOException;

    /** Whether this machine can: a native part may not be made for it. */
    boolean isOffered() {
        return true;
    }

    /**
     * The one that a caller likes best that says {@code accepted} (Accept-Encoding); of those liked alike the first,
     * and any sooner than none. Null: none, also where nothing is left to a caller that refuses that, too.
     */
    static Coding of(String accepted) {
        if (accepted == null) {
            return null;
        }
        Coding best = null;
        double liked = Weights.of(accepted, UNPACKED, ANY).orElse(0);
        for (Coding coding : values()) {
            double weight = Weights.of(accepted, coding.token, ANY).orElse(0);
            boolean isBetter = best == null ? weight >= liked : weight > liked;
            if (weight > 0 && isBetter && coding.isOffered()) {
                best = coding;
                liked = weight;
            }
        }
        return best;
    }

    /** Whether the caller takes no body as it is. */
    private static boolean refusesUnpacked(String accepted) {
        return accepted != null && Weights.of(accepted, UNPACKED, ANY).orElse(1) == 0;
    }

    /** The answer packed, if that is worth it, or the caller takes it in no other way. */
    static Answer packed(Answer answer, String accepted) {
        Coding coding = worthIt(answer, accepted);
        return coding == null ? answer : coding.pack(answer);
    }

    /** How {@link #packed} packs it; null: not at all. */
    static Coding worthIt(Answer answer, String accepted) {
        int length = answer.body().length;
        return length >= BYTES_MIN || length > 0 && refusesUnpacked(accepted) ? of(accepted) : null;
    }

    /** The answer packed. */
    Answer pack(Answer answer) {
        Packer packer = new Packer(this);
        packer.add(answer.body());
        return on(new Answer(answer.status(), answer.contentType(), packer.end(), answer.headers()));
    }

    /** Says on an answer's head that its body is packed. */
    Answer on(Answer head) {
        return head.with("Content-Encoding", token).with("Vary", "Accept-Encoding");
    }

    /** Packs a body that comes in pieces. Confined to one thread at a time. */
    static final class Packer {
        private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        private final OutputStream out;

        Packer(Coding coding) {
            try {
                out = coding.into(packed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void add(byte[] piece) {
            try {
                out.write(piece);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What is packed so far, all that was added among it. */
        byte[] flush() {
            try {
                out.flush();
                return take();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The rest. */
        byte[] end() {
            try {
                out.close();
                return take();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private byte[] take() {
            byte[] taken = packed.toByteArray();
            packed.reset();
            return taken;
        }
    }
}
