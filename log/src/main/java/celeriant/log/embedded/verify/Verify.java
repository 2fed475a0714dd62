package celeriant.log.embedded.verify;

import celeriant.log.folder.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checks every byte of a data folder: the meta file, each segment's header, each record's check and sense, and that the
 * records follow from each other. Needs the folder for itself, and changes nothing.
 */
public final class Verify {
    private static final long META_MAGIC = 0x43656c4c6f674d00L;
    private static final long SEGMENT_MAGIC = 0x43656c5365676d00L;
    private static final int FORMAT = 1;
    private static final int PACKED_FORMAT = 2;
    private static final int PACKED_FIELDS_BYTES = 68;
    private static final int META_BYTES = 32;
    private static final int HEADER_BYTES = 4096;
    private static final int HEADER_FIELDS_BYTES = 56;
    private static final int HEAD_BYTES = 64;
    private static final int LENGTH_MAX = 64 << 20;
    private static final long OFFSET_MIX = 0x9E3779B97F4A7C15L;
    private static final long LENGTH_MIX = 0xC2B2AE3D27D4EB4FL;

    private final Path folder;
    private final List<VerifyReport.Finding> findings = new ArrayList<>();
    private final HistoryCheck history = new HistoryCheck();
    private UUID logId;
    private long segments;
    private long records;
    private long appends;
    private long events;
    private long bytes;
    /** The segment that ended without a seal, after which nothing may come; null until one did. */
    private String unsealed;
    /** Up to where everything was durable; 0 if that is not known. */
    private long mark;
    /** Behind the last record that is intact. */
    private long end;

    private Verify(Path folder) {
        this.folder = folder;
    }

    /**
     * Checks a folder.
     *
     * @throws IllegalStateException if it is open elsewhere
     * @throws NoSuchFileException if there is no log in it
     */
    public static VerifyReport folder(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("log.meta"))) {
            throw new NoSuchFileException(folder.resolve("log.meta").toString(), null, "there is no log in the folder");
        }
        FolderLock lock = FolderLock.take(folder);
        if (lock == null) {
            throw new IllegalStateException("the folder " + folder + " is open elsewhere: stop that first");
        }
        try {
            return new Verify(folder).run();
        } finally {
            lock.close();
        }
    }

    private VerifyReport run() throws IOException {
        meta();
        mark = MarkFile.end(folder, logId, (at, what) -> found(MarkFile.NAME, at, what));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        }
        long expected = 1;
        for (Path file : files) {
            String name = file.getFileName().toString();
            long number = Long.parseLong(name.substring(0, name.indexOf('.')));
            if (number != expected) {
                found(name, 0, "segment " + expected + " is missing before it");
            }
            expected = number + 1;
            segment(file, name, number);
        }
        if (mark > end) {
            found(
                    String.format("%010d.segment", end >>> 32),
                    end & 0xFFFF_FFFFL,
                    "the last record ends here, although the log was durable up to " + place(mark)
                            + ": what was answered is missing");
        }
        return new VerifyReport(
                logId == null ? "" : logId.toString(),
                segments,
                records,
                appends,
                events,
                bytes,
                mark == 0 ? "" : place(mark),
                findings);
    }

    private static String place(long place) {
        return "segment " + (place >>> 32) + " offset " + (place & 0xFFFF_FFFFL);
    }

    private void found(String file, long offset, String what) {
        findings.add(new VerifyReport.Finding(file, offset, what));
    }

    private void meta() throws IOException {
        ByteBuffer meta = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("log.meta")));
        if (meta.remaining() < META_BYTES || meta.getLong(0) != META_MAGIC) {
            found("log.meta", 0, "it is not a log's meta file");
        } else if (meta.getInt(8) != FORMAT) {
            found("log.meta", 8, "format " + meta.getInt(8) + " is not known");
        } else if (meta.getInt(12) != checkWithout(meta, META_BYTES)) {
            found("log.meta", 12, "the check does not agree with the bytes");
        } else {
            logId = new UUID(meta.getLong(16), meta.getLong(24));
        }
    }

    /** CRC32C of the first bytes with the four at 12 taken as zero. */
    private static int checkWithout(ByteBuffer buffer, int count) {
        byte[] copy = new byte[count];
        buffer.get(0, copy);
        ByteBuffer.wrap(copy).putInt(12, 0);
        CRC32C crc = new CRC32C();
        crc.update(copy);
        return (int) crc.getValue();
    }

    private void segment(Path file, String name, long number) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        segments++;
        int format = content.limit() < HEADER_BYTES || content.getLong(0) != SEGMENT_MAGIC ? 0 : content.getInt(8);
        if (format != FORMAT && format != PACKED_FORMAT) {
            found(name, 0, "the header is not a segment's, or of an unknown format");
            return;
        }
        UUID log = new UUID(content.getLong(32), content.getLong(40));
        boolean isPacked = format == PACKED_FORMAT;
        boolean isRight =
                content.getInt(12) == checkWithout(content, isPacked ? PACKED_FIELDS_BYTES : HEADER_FIELDS_BYTES)
                        && content.getLong(16) == number
                        && content.getLong(isPacked ? 56 : 48) == content.limit()
                        && (logId == null || log.equals(logId));
        if (!isRight) {
            found(name, 0, "the header is damaged, or of another file or log");
            return;
        }
        for (int at = isPacked ? PACKED_FIELDS_BYTES : HEADER_FIELDS_BYTES; at < HEADER_BYTES; at++) {
            if (content.get(at) != 0) {
                found(name, at, "bytes behind the header");
                break;
            }
        }
        ByteBuffer plain = isPacked ? PackedSegment.unpack(content, (at, what) -> found(name, at, what)) : content;
        if (plain != null) {
            records(plain, name, number, content.getLong(24));
            if (isPacked && name.equals(unsealed)) {
                found(name, 0, "it is packed, and has no seal at its end");
            }
        }
    }

    private void records(ByteBuffer content, String name, long number, long salt) {
        int at = HEADER_BYTES;
        end = unsealed == null ? number << 32 | at : end;
        while (at + HEAD_BYTES <= content.limit()) {
            int length = lengthIfIntact(content, at, salt);
            if (length == 0) {
                int next = nextIntact(content, at, salt);
                if (next < 0) {
                    break;
                }
                found(name, at, "no intact record is here" + names(content, at, next) + ", but one is at " + next);
                at = next;
                continue;
            }
            if (unsealed != null) {
                found(name, at, "a record is here, although " + unsealed + " before it was not sealed");
                unsealed = null;
            }
            boolean isSeal = record(content.slice(at, length), name, at, number << 32 | at);
            at += length;
            end = number << 32 | at;
            if (isSeal) {
                requireZeros(content, at, name);
                return;
            }
        }
        requireZeros(content, at, name);
        unsealed = unsealed == null ? name : unsealed;
    }

    /** @return whether it is the seal */
    private boolean record(ByteBuffer record, String name, long at, long place) {
        records++;
        bytes += record.limit();
        if (record.get(8) != FORMAT) {
            found(name, at, "a record of the unknown format " + record.get(8));
            return false;
        }
        try {
            RecordParser.Parsed parsed = RecordParser.parse(record);
            if (parsed.kind() < RecordParser.APPEND || parsed.kind() > RecordParser.REMOVED) {
                found(name, at, "a record of the unknown kind " + parsed.kind());
            }
            if (parsed.groupBack() < 0 || parsed.groupBack() > at - HEADER_BYTES) {
                found(name, at, "its group begins before the segment does");
            }
            appends += parsed.kind() == RecordParser.APPEND ? 1 : 0;
            events += parsed.events().size();
            history.next(parsed, place, what -> found(name, at, what));
            return parsed.kind() == RecordParser.SEAL;
        } catch (RuntimeException e) {
            found(name, at, "the record makes no sense: " + e);
            return false;
        }
    }

    /** What a record belonged to whose check is wrong, as far as that can be read; else empty. */
    private static String names(ByteBuffer content, int at, int end) {
        int length = content.getInt(at);
        if (length < HEAD_BYTES || length > end - at) {
            return "";
        }
        try {
            String names = RecordParser.parse(content.slice(at, length)).names();
            return names.isEmpty() ? "" : " (it was of " + names + ", as far as that can be read)";
        } catch (RuntimeException e) {
            return "";
        }
    }

    /** The length of the record that is there; 0 if none is. */
    private static int lengthIfIntact(ByteBuffer content, int at, long salt) {
        int length = content.getInt(at);
        boolean isLength = length >= HEAD_BYTES && length <= LENGTH_MAX && length % 8 == 0;
        if (!isLength || length > content.limit() - at) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(content.slice(at + 8, length - 8));
        long mix = salt + at * OFFSET_MIX + length * LENGTH_MIX;
        int expected = (int) crc.getValue() ^ (int) (mix ^ mix >>> 32);
        return content.getInt(at + 4) == expected ? length : 0;
    }

    private static int nextIntact(ByteBuffer content, int from, long salt) {
        for (int at = from + 8; at + HEAD_BYTES <= content.limit(); at += 8) {
            boolean mayBegin = content.getInt(at) != 0 && content.get(at + 8) == FORMAT;
            if (mayBegin && lengthIfIntact(content, at, salt) != 0) {
                return at;
            }
        }
        return -1;
    }

    private void requireZeros(ByteBuffer content, int from, String name) {
        for (int at = from; at < content.limit(); at++) {
            if (content.get(at) != 0) {
                found(name, at, "bytes behind the last record" + names(content, from, content.limit()) + ": " + tail());
                return;
            }
        }
    }

    private String tail() {
        if (mark > end) {
            return "damage, for the log was durable up to " + place(mark);
        }
        return mark == 0
                ? "a tail that a crash left, which opening cuts off, or damage; which of them cannot be known, for"
                        + " nothing says up to where the log was durable"
                : "a tail that was not answered if the process ended here, and opening cuts it off; if the machine went"
                        + " down, its last group may have been answered";
    }
}
