package celeriant.bench;

/**
 * What one reader had of a stream of numbered events, byte by byte. A message counts when it is whole: what a cut left
 * half of is asked for again. Confined to the readers' thread, but for what it tells.
 */
final class NumberedMessages {
    private static final String ID = "\nid: ";
    private static final String NUMBER = "\"n\":";

    private int idMatched;
    private int numberMatched;
    private boolean inId;
    private boolean inNumber;
    private long digits;
    private byte before;
    private long nextPosition;
    private long nextNumber;
    private volatile long position;
    private volatile long number;
    private volatile long faults;

    void take(byte b) {
        if (inId || inNumber) {
            if (b >= '0' && b <= '9') {
                digits = digits * 10 + b - '0';
                return;
            }
            end();
        }
        if (b == '\n' && before == '\n') {
            position = nextPosition;
            number = nextNumber;
        }
        before = b;
        idMatched = matched(ID, idMatched, b);
        numberMatched = matched(NUMBER, numberMatched, b);
        inId = idMatched == ID.length();
        inNumber = numberMatched == NUMBER.length();
        digits = 0;
    }

    private static int matched(String mark, int matched, byte b) {
        int known = matched == mark.length() ? 0 : matched;
        return b == mark.charAt(known) ? known + 1 : b == mark.charAt(0) ? 1 : 0;
    }

    private void end() {
        if (inId) {
            nextPosition = digits;
        } else {
            if (digits != nextNumber + 1 && nextNumber > 0) {
                faults++;
            }
            nextNumber = digits;
        }
        inId = false;
        inNumber = false;
    }

    /** The connection is gone. */
    void cut() {
        nextPosition = position;
        nextNumber = number;
        inId = false;
        inNumber = false;
        idMatched = 0;
        numberMatched = 0;
        before = 0;
    }

    /** The position behind which it goes on. */
    long position() {
        return position;
    }

    /** The number of the latest event. */
    long number() {
        return number;
    }

    /** Events that were missing or came again. */
    long faults() {
        return faults;
    }
}
