package celeriant.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class a gateway of its own, on a free port of loopback over a log in memory. Parameters of the
 * test of the type {@link TestGateway} are that gateway; each of the type {@link TestDevice} is a new device with a
 * client that is online. All are closed after the test.
 *
 * <pre>{@code
 * @CeleriantTest
 * class BoardTest {
 *     @Test
 *     void drawsOffline(TestDevice ann, TestDevice ben) throws Exception {
 *         ann.network().cut();
 *         ann.client().append(painted("3,4", "red"));
 *         ann.network().restore();
 *         ann.client().awaitSettled(Duration.ofSeconds(10));
 *     }
 * }
 * }</pre>
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CeleriantExtension.class)
public @interface CeleriantTest {
    /** The org that the devices work in. */
    String org() default "test";
}
