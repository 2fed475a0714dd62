package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import celeriant.gateway.matrix.Cells;
import celeriant.gateway.matrix.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every address of the gateway × every kind of caller × what the aggregate is to them, asked over a real port and
 * compared with the table that is made from PROTOCOL's rules of access.
 */
@Timeout(240)
class AccessMatrixTest {
    private static World world;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, InterruptedException {
        world = new World(folder);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void everyAddressOfTheGatewayHasARow() {
        assertEquals(
                new TreeSet<>(world.gateway().addresses()),
                new TreeSet<>(Cells.addresses().values()));
    }

    @TestFactory
    Stream<DynamicTest> everyCellIsAnsweredAsTheTableSays() {
        Cells cells = new Cells(world);
        return Cells.addresses().keySet().stream()
                .map(name -> dynamicTest(name, () -> assertEquals(List.of(), cells.differences(name))));
    }
}
