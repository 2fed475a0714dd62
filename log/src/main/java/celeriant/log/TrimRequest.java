package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ExpectedVersion;
import java.util.UUID;

/**
 * Drop an aggregate's events below a version. Registers survive.
 *
 * @param id of the request: a repeat by the same client gets the same answer; null = not idempotent
 * @param before versions below it go; at most the current version + 1
 * @param force drop keyless events too that no snapshot covers (a snapshot below {@code before} goes with them)
 */
public record TrimRequest(
        String org,
        ClientId client,
        UUID id,
        AggregateId aggregate,
        ExpectedVersion expected,
        long before,
        boolean force,
        Caller caller) {}
