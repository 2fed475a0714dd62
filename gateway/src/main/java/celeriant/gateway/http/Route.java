package celeriant.gateway.http;

/**
 * What is done for an address and a method.
 *
 * @param bodyBytesMax how large a body may be; 0 = it is not read
 * @param needsPrincipal whether the caller must be proved first
 * @param takesConditions whether the handler looks at {@code If-Match} and {@code If-None-Match}; else they are refused
 */
public record Route(int bodyBytesMax, boolean needsPrincipal, boolean takesConditions, Handler handler) {
    /** Takes the request, with its whole body (empty if it is not read), on the event loop. Must not block. */
    @FunctionalInterface
    public interface Handler {
        void handle(Exchange exchange, byte[] body);
    }
}
