package celeriant.log;

import celeriant.model.AggregateId;

/**
 * Publish an aggregate's state at a version.
 *
 * @param contentType media type of {@code data}
 * @param replaceSame whether the stored one of the same version may be replaced, if {@link Admission} lets it
 */
public record SnapshotRequest(
        String org,
        AggregateId aggregate,
        long version,
        String contentType,
        byte[] data,
        boolean replaceSame,
        Caller caller) {}
