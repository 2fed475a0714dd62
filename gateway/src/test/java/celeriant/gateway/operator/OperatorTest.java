package celeriant.gateway.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.model.ClientId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTest {
    @TempDir
    Path folder;

    private final Random random = new Random(3);

    private OperatorFile file() {
        return new OperatorFile(folder.resolve("data"));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void a_key_names_its_backend_and_nothing_else_does() {
        String key = file().createKey("acme", "billing", Principal.Scope.APPEND, this::bytes);
        Operator operator = new Operator(file(), Optional.empty());

        Operator.Backend backend = operator.backend(key).orElseThrow();
        assertEquals("acme", backend.org());
        assertEquals("svc.billing", backend.principal().client().value());
        assertEquals(Principal.Scope.APPEND, backend.principal().scope());
        assertEquals(Optional.empty(), operator.backend(key.substring(0, key.length() - 1) + "!"));
        assertEquals(Optional.empty(), operator.backend("cel_"));
        assertEquals(Optional.empty(), operator.backend(""));
    }

    @Test
    void the_secret_is_not_in_the_file() throws IOException {
        String key = file().createKey("acme", "billing", Principal.Scope.READ, this::bytes);

        String secret = key.substring(key.lastIndexOf('_') + 1);
        assertFalse(Files.readString(file().path()).contains(secret));
    }

    @Test
    void a_running_gateway_learns_of_new_and_deleted_keys() {
        Operator operator = new Operator(file(), Optional.empty());
        String key = file().createKey("acme", "billing", Principal.Scope.READ, this::bytes);
        operator.reload();
        assertTrue(operator.backend(key).isPresent());

        assertTrue(file().deleteKey(key.split("_")[1]));
        operator.reload();
        assertFalse(operator.backend(key).isPresent());
    }

    @Test
    void who_showed_a_key_may_stay_with_every_instance_until_that_one_is_withdrawn() {
        String key = file().createKey("acme", "mail.out", Principal.Scope.READ, this::bytes);
        String other = file().createKey("acme", "mail.out", Principal.Scope.READ, this::bytes);
        Operator operator = new Operator(file(), Optional.empty());
        Principal shown = operator.backend(key).orElseThrow().principal();
        Principal shownOther = operator.backend(other).orElseThrow().principal();
        Principal instance = shown.instance(new ClientId("svc.mail.out.7.b"));

        assertTrue(operator.mayStay("acme", shown));
        assertTrue(operator.mayStay("acme", instance));
        assertFalse(operator.mayStay("acme", shown.instance(new ClientId("svc.mail"))));
        assertFalse(operator.mayStay("acme", shown.instance(new ClientId("svc.mail.outer"))));
        assertFalse(operator.mayStay("other", shown));
        assertFalse(operator.mayStay("acme", Principal.backend(shown.client(), Principal.Scope.ADMIN, shown.key())));

        file().deleteKey(key.split("_")[1]);
        operator.reload();
        assertFalse(operator.mayStay("acme", shown));
        assertFalse(operator.mayStay("acme", instance));
        assertTrue(operator.mayStay("acme", shownOther), "another key of the same backend is live");
    }

    private void create(String org, String name) {
        file().createKey(org, name, Principal.Scope.APPEND, this::bytes);
    }

    @Test
    void no_key_is_named_as_an_instance_of_another_backend_is() {
        create("acme", "billing");
        create("acme", "mail.out");
        for (String name : new String[] {"billing.node-1", "billing.eu.node-1", "mail"}) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> create("acme", name), name);
            assertTrue(refused.getMessage().contains("\"" + name + "\""), refused::getMessage);
        }
        create("acme", "billing");
        create("acme", "billing-2");
        create("acme", "billing2.node-1");
        create("other", "billing.node-1");

        file().deleteKey(file().read().keys().get(1).id());
        create("acme", "mail");
    }

    @Test
    void two_backends_that_share_a_client_since_before_keep_their_keys_and_get_new_ones() throws IOException {
        create("acme", "billing");
        create("acme", "other");
        String known = Files.readString(file().path());
        Files.writeString(file().path(), known.replace("\"other\"", "\"billing.node-1\""));
        create("acme", "billing.node-1");
        create("acme", "billing");
        assertEquals(4, file().read().keys().size());
    }

    @Test
    void orgs_are_those_that_were_created_unless_any_name_will_do() {
        file().putOrg("acme", true);
        file().putOrg("quiet", false);
        Operator operator = new Operator(file(), Optional.empty());

        assertEquals(OrgPolicy.OPEN, operator.policy("acme"));
        assertEquals(OrgPolicy.MEMBERS, operator.policy("quiet"));
        assertFalse(operator.hasOrg("other"));
        assertTrue(new Operator(file(), Optional.of(OrgPolicy.LOCAL)).hasOrg("other"));
    }

    @Test
    void a_damaged_or_newer_file_is_named() throws IOException {
        file().putOrg("acme", true);
        Files.writeString(file().path(), "{\"format\": 2}");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> file().read())
                .getMessage()
                .contains("operator.json: format 2 is unknown"));

        Files.writeString(file().path(), "{");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> file().read())
                .getMessage()
                .contains("not JSON"));
    }

    @Test
    void a_running_gateway_goes_on_with_what_it_knows_while_the_file_cannot_be_read() throws IOException {
        file().putOrg("acme", true);
        Operator operator = new Operator(file(), Optional.empty());
        byte[] good = Files.readAllBytes(file().path());
        Files.writeString(file().path(), "{");
        operator.reload();
        operator.reload();
        assertTrue(operator.hasOrg("acme"));

        Files.write(file().path(), good);
        file().putOrg("quiet", false);
        operator.reload();
        assertTrue(operator.hasOrg("quiet"));
    }

    @Test
    void a_name_outside_the_alphabet_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> file().putOrg("a/b", true));
        assertThrows(
                IllegalArgumentException.class, () -> file().createKey("acme", "", Principal.Scope.READ, this::bytes));
    }
}
