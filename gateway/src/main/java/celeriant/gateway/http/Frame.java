package celeriant.gateway.http;

/** A piece of an answer, the same for each reader that it is sent to. Immutable: any thread. */
public final class Frame {
    private final byte[] bytes;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The array must not change any more. */
    public static Frame of(byte[] bytes) {
        return new Frame(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** Its bytes, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }
}
