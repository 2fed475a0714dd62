package celeriant.log.embedded.backup;

/**
 * What a backup did.
 *
 * @param segments that the backup holds now
 * @param segmentsNew that were linked or copied this time
 * @param bytesNew of those
 */
public record BackupReport(long segments, long segmentsNew, long bytesNew) {}
