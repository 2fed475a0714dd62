package celeriant.log.embedded.verify;

import java.util.List;

/**
 * What was found in a data folder.
 *
 * @param logId "" if it cannot be read
 * @param bytes of records
 * @param durableUpTo up to where the log was durable for certain when it was open last; "" if that is not known
 */
public record VerifyReport(
        String logId,
        long segments,
        long records,
        long appends,
        long events,
        long bytes,
        String durableUpTo,
        List<Finding> findings) {
    /**
     * Something that is not as it must be.
     *
     * @param file in the data folder
     * @param offset in the file
     * @param what is wrong, and what it concerns as far as that can be read
     */
    public record Finding(String file, long offset, String what) {
        @Override
        public String toString() {
            return file + " offset " + offset + ": " + what;
        }
    }

    public VerifyReport {
        findings = List.copyOf(findings);
    }

    public boolean isGood() {
        return findings.isEmpty();
    }
}
