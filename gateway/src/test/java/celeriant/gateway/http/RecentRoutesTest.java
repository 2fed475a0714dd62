package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentRoutesTest {
    private final RecentRoutes<String> recent = new RecentRoutes<>();
    private final Router.Match.Found<String> found = new Router.Match.Found<>("handler", Map.of("org", "acme"));

    @Test
    void anAddressIsFoundByItsPathAndMethodAlone() {
        recent.put("GET", "/v1/acme", found);
        assertSame(found, recent.find("GET", "/v1/acme"));
        assertNull(recent.find("POST", "/v1/acme"));
        assertNull(recent.find("GET", "/v1/acmf"));
        // Two texts with one hash.
        recent.put("GET", "/Aa", found);
        assertNull(recent.find("GET", "/BB"));
    }

    @Test
    void aPathThatIsTooLongIsNotKept() {
        String path = "/" + "a".repeat(512);
        recent.put("GET", path, found);
        assertNull(recent.find("GET", path));
    }
}
