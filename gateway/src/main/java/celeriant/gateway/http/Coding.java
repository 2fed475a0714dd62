package celeriant.gateway.http;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * How a body is packed for a caller that takes it (RFC 9110 section 8.4): zstd (RFC 8878), else Brotli (RFC 7932), else
 * gzip. Event streams never are. Stateless: any thread.
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

    /** The one for a caller that says {@code accepted} (Accept-Encoding); null: none. */
    static Coding of(String accepted) {
        if (accepted == null) {
            return null;
        }
        for (Coding coding : values()) {
            if (isAccepted(accepted, coding.token) && coding.isOffered()) {
                return coding;
            }
        }
        return null;
    }

    private static boolean isAccepted(String accepted, String token) {
        for (String part : accepted.split(",")) {
            String[] words = part.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*");
            if (words[0].equals(token)) {
                return words.length == 1 || !words[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    /** The answer packed, if that is worth it. */
    static Answer packed(Answer answer, String accepted) {
        Coding coding = answer.body().length < BYTES_MIN ? null : of(accepted);
        if (coding == null) {
            return answer;
        }
        Packer packer = new Packer(coding);
        packer.add(answer.body());
        return coding.on(new Answer(answer.status(), answer.contentType(), packer.end(), answer.headers()));
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
