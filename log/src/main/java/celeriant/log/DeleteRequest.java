package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ExpectedVersion;
import java.util.UUID;

/**
 * Delete an aggregate.
 *
 * @param id of the request: a repeat by the same client gets the same answer; null = not idempotent
 * @param recreate whether later appends may create it again
 */
public record DeleteRequest(
        String org,
        ClientId client,
        UUID id,
        AggregateId aggregate,
        ExpectedVersion expected,
        boolean recreate,
        Caller caller) {}
