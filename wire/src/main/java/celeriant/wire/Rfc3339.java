package celeriant.wire;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The date and time form of RFC 3339 section 5.6: checked as it stands, since an event's time is kept as it was sent,
 * and written in UTC with milliseconds. Stateless: any thread.
 */
public final class Rfc3339 {
    /** Room for nanoseconds and more; a time beyond it says nothing that a shorter one does not. */
    static final int CHARS_MAX = 64;

    private static final long MILLIS_OF_DAY = 86_400_000;
    private static final long DAYS_BEFORE_EPOCH = 719_468;
    private static final long DAYS_OF_ERA = 146_097;
    private static final long SECONDS_OF_DAY = 86_400;
    private static final long NANOS_OF_SECOND = 1_000_000_000;
    private static final int OFFSET_CHARS = 6;
    private static final String SHAPE = "0000-00-00T00:00:00";
    private static final int[] DAYS_IN_MONTH = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Rfc3339() {}

    static boolean isDateTime(String text) {
        if (text.length() > CHARS_MAX || !hasShape(text)) {
            return false;
        }
        int at = SHAPE.length();
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = ++at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            if (at == fraction) {
                return false;
            }
        }
        return isDate(text) && isTime(text) && isOffset(text, at);
    }

    /** The moment that {@code text} names, a leap second as the second behind it; empty if it is none. */
    public static Optional<Instant> instant(String text) {
        if (!isDateTime(text)) {
            return Optional.empty();
        }
        int offsetAt = text.length() - (isZulu(text, text.length() - 1) ? 1 : OFFSET_CHARS);
        LocalDate date = LocalDate.of(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
        long seconds = date.toEpochDay() * SECONDS_OF_DAY + two(text, 11) * 3_600 + two(text, 14) * 60 + two(text, 17);
        return Optional.of(Instant.ofEpochSecond(seconds - offset(text, offsetAt), nanos(text, offsetAt)));
    }

    /** How far ahead of UTC, in seconds. */
    private static long offset(String text, int at) {
        if (isZulu(text, at)) {
            return 0;
        }
        long ahead = two(text, at + 1) * 3_600 + two(text, at + 4) * 60;
        return text.charAt(at) == '-' ? -ahead : ahead;
    }

    /** Of the fraction, if there is one: what is shorter than a nanosecond is cut off. */
    private static long nanos(String text, int to) {
        long nanos = 0;
        long unit = NANOS_OF_SECOND / 10;
        for (int at = SHAPE.length() + 1; at < to; at++) {
            nanos += (text.charAt(at) - '0') * unit;
            unit /= 10;
        }
        return nanos;
    }

    private static boolean isZulu(String text, int at) {
        return text.charAt(at) == 'Z' || text.charAt(at) == 'z';
    }

    private static boolean hasShape(String text) {
        if (text.length() <= SHAPE.length()) {
            return false;
        }
        for (int i = 0; i < SHAPE.length(); i++) {
            char wanted = SHAPE.charAt(i);
            char c = text.charAt(i);
            boolean fits = wanted == '0' ? isDigit(c) : c == wanted || wanted == 'T' && c == 't';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDate(String text) {
        int year = two(text, 0) * 100 + two(text, 2);
        int month = two(text, 5);
        int day = two(text, 8);
        if (month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]) {
            return false;
        }
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month != 2 || day < 29 || leap;
    }

    private static boolean isTime(String text) {
        return two(text, 11) < 24 && two(text, 14) < 60 && two(text, 17) <= 60;
    }

    private static boolean isOffset(String text, int at) {
        int length = text.length() - at;
        if (length == 1) {
            return isZulu(text, at);
        }
        return length == OFFSET_CHARS
                && (text.charAt(at) == '+' || text.charAt(at) == '-')
                && isDigit(text.charAt(at + 1))
                && isDigit(text.charAt(at + 2))
                && text.charAt(at + 3) == ':'
                && isDigit(text.charAt(at + 4))
                && isDigit(text.charAt(at + 5))
                && two(text, at + 1) < 24
                && two(text, at + 4) < 60;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int two(String text, int at) {
        return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    }

    /** Writes {@code 2026-01-31T08:15:00.123Z} at {@code at} and returns the index behind it. Years 0 to 9999. */
    static int write(long epochMillis, byte[] out, int at) {
        long days = Math.floorDiv(epochMillis, MILLIS_OF_DAY);
        int millis = (int) Math.floorMod(epochMillis, MILLIS_OF_DAY);
        // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
        long shifted = days + DAYS_BEFORE_EPOCH;
        long era = Math.floorDiv(shifted, DAYS_OF_ERA);
        int dayOfEra = (int) (shifted - era * DAYS_OF_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        put(out, at, year, 4, '-');
        put(out, at + 5, month, 2, '-');
        put(out, at + 8, dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2, 'T');
        put(out, at + 11, millis / 3_600_000, 2, ':');
        put(out, at + 14, millis / 60_000 % 60, 2, ':');
        put(out, at + 17, millis / 1_000 % 60, 2, '.');
        put(out, at + 20, millis % 1_000, 3, 'Z');
        return at + 24;
    }

    private static void put(byte[] out, int at, int value, int digits, char behind) {
        int rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            out[at + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        out[at + digits] = (byte) behind;
    }
}
