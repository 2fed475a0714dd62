package celeriant.wire;

/** The date and time form of RFC 3339 section 5.6, checked as it stands: an event's time is kept as it was sent. */
final class Rfc3339 {
    /** Room for nanoseconds and more; a time beyond it says nothing that a shorter one does not. */
    static final int CHARS_MAX = 64;

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
            return text.charAt(at) == 'Z' || text.charAt(at) == 'z';
        }
        return length == 6
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
}
