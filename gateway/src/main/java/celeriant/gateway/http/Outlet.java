package celeriant.gateway.http;

/**
 * Where the pieces of one streamed answer go at once, past what is gathered for one flush. With thousands of readers,
 * most of what a piece costs beside the system call is to look for what is spread in memory: this is a short way.
 * Confined to the answer's event loop.
 */
public interface Outlet {
    /**
     * Writes the next piece, before the answer's end only.
     *
     * @return whether the reader takes more; if not, {@link Response#onDrain} tells when it does
     */
    boolean deliver(Frame frame);
}
