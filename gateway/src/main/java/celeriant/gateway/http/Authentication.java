package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import java.util.function.Consumer;

/** Proves who asks. Called on the event loop before the body is read. */
@FunctionalInterface
public interface Authentication {
    /** Calls {@code admitted} on the event loop, now or later, or answers the refusal. */
    void authenticate(Exchange exchange, Consumer<Principal> admitted);
}
