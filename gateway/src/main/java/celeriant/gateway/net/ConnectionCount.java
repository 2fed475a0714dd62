package celeriant.gateway.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of one port, counted as a whole and by where they come from. Any thread. */
final class ConnectionCount {
    private final int max;
    private final int perAddressMax;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<InetAddress, Integer> addresses = new ConcurrentHashMap<>();

    ConnectionCount(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /** Counts one that begins; to be {@link #leave left} also if it is too much. Null: it may stay. */
    String enter(SocketAddress from) {
        int all = count.incrementAndGet();
        int own = from instanceof InetSocketAddress known ? addresses.merge(known.getAddress(), 1, Integer::sum) : 0;
        if (own > perAddressMax) {
            return "There are at most " + perAddressMax + " connections from one address at once.";
        }
        return all > max ? "There are at most " + max + " connections at once." : null;
    }

    void leave(SocketAddress from) {
        count.decrementAndGet();
        if (from instanceof InetSocketAddress known) {
            addresses.computeIfPresent(known.getAddress(), (address, own) -> own == 1 ? null : own - 1);
        }
    }
}
