package celeriant.client.access;

/**
 * An invitation to an aggregate that whoever knows its secret can take up.
 *
 * @param id its name among the shares of the aggregate
 * @param level what redeeming it gives
 * @param expires RFC 3339, or null
 * @param uses how often it can still be redeemed; 0 = any number of times
 */
public record Share(String id, Level level, String expires, long uses) {}
