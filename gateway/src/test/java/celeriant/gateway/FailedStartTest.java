package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that cannot start leaves nothing behind. */
@Timeout(240)
class FailedStartTest {
    @Test
    void aGatewayWhoseAdminPortIsTakenGivesItsOwnPortBack() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                InMemoryEventLog log = new InMemoryEventLog()) {
            int port = freePort();
            GatewayConfig config = GatewayConfig.loopback(port);
            GatewayConfig clashing = config.withAdmin("127.0.0.1", taken.getLocalPort());
            assertThrows(
                    IllegalStateException.class,
                    () -> Gateway.builder(log).config(clashing).start());
            try (Gateway gateway = Gateway.builder(log).config(config).start()) {
                assertEquals(port, gateway.port());
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
