package celeriant.log.embedded.record;

/** Tells a record from bytes that only look like one. There is one; a test puts a broken one in its place. */
public interface RecordCheck {
    /**
     * Whether the array holds at {@code start} a whole, unharmed record of that offset in the segment with that salt.
     */
    boolean isIntact(byte[] bytes, int start, int length, long salt, long offset);
}
