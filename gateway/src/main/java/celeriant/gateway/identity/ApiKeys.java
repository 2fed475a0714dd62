package celeriant.gateway.identity;

import java.util.Optional;

/** Where API keys are kept. Any thread; must answer quickly, for it is asked on event loops. */
@FunctionalInterface
public interface ApiKeys {
    /** There are none. */
    ApiKeys NONE = id -> Optional.empty();

    /** The key with this id, if it was made and not withdrawn. */
    Optional<ApiKey> find(String id);
}
