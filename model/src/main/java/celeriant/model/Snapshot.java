package celeriant.model;

/**
 * A state that an application published for an aggregate at a version, such as a merged CRDT document: opaque bytes,
 * served together with the events behind it.
 *
 * @param contentType the media type that it was published with
 */
public record Snapshot(AggregateId aggregate, long version, String contentType, byte[] data) {}
