package celeriant.client;

/**
 * Everything that a status line wants to say.
 *
 * @param reason why it is not live, or nothing is pushed though it is: a problem's code, or what failed, in words; null
 *     if there is none
 * @param pending appends that are not settled
 * @param rejected appends in the rejected list
 * @param oldestPendingAtMillis when the oldest pending append was made, by this device's clock; 0 if none is pending
 * @param localPosition up to where the merged log was read here
 * @param serverPosition the latest position of the log that this client heard of
 */
public record Status(
        SyncState state,
        String reason,
        int pending,
        int rejected,
        long oldestPendingAtMillis,
        long localPosition,
        long serverPosition) {}
