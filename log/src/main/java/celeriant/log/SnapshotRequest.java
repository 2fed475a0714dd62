package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.ExpectedVersion;
import java.util.Objects;

/**
 * Publish an aggregate's state at a version.
 *
 * @param contentType media type of {@code data}
 * @param replaceSame whether the stored one of the same version may be replaced, if {@link Admission} lets it
 * @param expected of which version the stored one must be
 */
public record SnapshotRequest(
        String org,
        AggregateId aggregate,
        long version,
        String contentType,
        byte[] data,
        boolean replaceSame,
        ExpectedVersion expected,
        Caller caller) {
    public SnapshotRequest {
        Objects.requireNonNull(org, "org");
        Objects.requireNonNull(aggregate, "aggregate");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(expected, "expected");
    }
}
