package celeriant.log.embedded.index;

import java.util.Arrays;

/**
 * Rising numbers (versions, sequences) and the place of each one's record. Grown by the writer thread, read by any: a
 * reader sees a prefix.
 */
public final class PlaceList {
    private static final int ENTRIES_AT_FIRST = 2;

    private record Entries(long[] numbers, long[] places, int size) {}

    private volatile Entries entries = new Entries(new long[ENTRIES_AT_FIRST], new long[ENTRIES_AT_FIRST], 0);

    public void add(long number, long place) {
        Entries now = entries;
        long[] numbers = now.numbers;
        long[] places = now.places;
        if (now.size == numbers.length) {
            numbers = Arrays.copyOf(numbers, now.size * 2);
            places = Arrays.copyOf(places, now.size * 2);
        }
        numbers[now.size] = number;
        places[now.size] = place;
        entries = new Entries(numbers, places, now.size + 1);
    }

    public int size() {
        return entries.size;
    }

    public long number(int index) {
        return entries.numbers[index];
    }

    public long place(int index) {
        return entries.places[index];
    }

    /** The index of the last entry whose number is at most {@code number}; -1 if there is none. */
    int floor(long number) {
        Entries now = entries;
        int found = Arrays.binarySearch(now.numbers, 0, now.size, number);
        return found >= 0 ? found : -found - 2;
    }

    /** The index of the first entry whose place is at or behind {@code place}; -1 if there is none. */
    public int atOrBehind(long place) {
        Entries now = entries;
        int found = Arrays.binarySearch(now.places, 0, now.size, place);
        int index = found >= 0 ? found : -found - 1;
        return index < now.size ? index : -1;
    }
}
