package celeriant.log;

/**
 * Where an org's merged log ends.
 *
 * @param position of its latest event, 0 if none
 * @param logId names this log for ever, its restored copies included; opaque
 * @param hash of the org's SHA-256 chain after the append that ends there, hexadecimal; "" at 0
 */
public record LogHead(long position, String logId, String hash) {}
