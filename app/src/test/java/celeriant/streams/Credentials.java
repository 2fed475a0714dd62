package celeriant.streams;

import java.io.IOException;
import java.util.List;

/** How a reader shows who it is: the lines of its header for one request. Confined to its thread. */
interface Credentials {
    List<String> lines(String method, String path) throws IOException;

    /** They were refused: they may be renewed. */
    void refused();

    /** Sees what it is granted alone. */
    boolean byRights();

    /** An API key. */
    static Credentials key(String key) {
        return new Credentials() {
            @Override
            public List<String> lines(String method, String path) {
                return List.of("Authorization: Bearer " + key);
            }

            @Override
            public void refused() {
                throw new AssertionError("the API key was refused");
            }

            @Override
            public boolean byRights() {
                return false;
            }
        };
    }
}
