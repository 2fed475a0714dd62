package celeriant.gateway.http;

/** An answer whose body is streamed: headers, then pieces, then the end. Confined to the event loop. */
public final class Response {
    private final Carrier carrier;

    /** Null once it has been sent. */
    private ResponseHead head;

    Response(Carrier carrier, ResponseHead head) {
        this.carrier = carrier;
        this.head = head;
    }

    /** Before the first piece only. */
    public Response header(String name, String value) {
        head.put(name, value);
        return this;
    }

    public void write(Frame frame) {
        begin();
        carrier.write(frame);
    }

    public void write(byte[] piece) {
        write(Frame.of(piece));
    }

    /** The way for pieces that are not gathered. */
    public Outlet outlet() {
        begin();
        return carrier.outlet();
    }

    /** Whoever reads it takes little at a time, and is noticed soon when it takes nothing. */
    public void holdsLittle() {
        carrier.holdsLittle();
    }

    public void end() {
        begin();
        carrier.end();
    }

    /** Sends the headers, if they have not gone yet. */
    public void begin() {
        ResponseHead unsent = head;
        if (unsent != null) {
            head = null;
            carrier.begin(unsent);
        }
    }

    /** Whether the reader should be given no more for now. */
    public boolean isFull() {
        return carrier.isFull();
    }

    /** Whether everything that was written has been handed to the network. */
    public boolean isSent() {
        return carrier.isSent();
    }

    /** Calls {@code drained} whenever it is no longer full. */
    public void onDrain(Runnable drained) {
        carrier.onDrain(drained);
    }

    /** Calls {@code gone} once if the reader goes before the end. */
    public void onGone(Runnable gone) {
        carrier.onGone(gone);
    }
}
