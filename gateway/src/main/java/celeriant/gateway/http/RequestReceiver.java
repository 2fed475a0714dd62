package celeriant.gateway.http;

/** Takes requests, each on its event loop, and answers them through what carries them. */
@FunctionalInterface
public interface RequestReceiver {
    void receive(RequestHead head, Carrier carrier);
}
