package celeriant.gateway.matrix;

import java.util.List;

/**
 * One address of the matrix: what is sent there, and what PROTOCOL says that each caller is answered. What is sent
 * leaves things as they are, or as good as.
 *
 * @param address as the router has it
 * @param form tells rows of one address apart, or ""
 * @param places the aggregates that it is asked for; one where the path names none
 * @param body JSON, or null
 * @param headers names and values in turn
 * @param query behind the path, or ""
 * @param reading how an answer is put into words, so that it can be compared
 * @param expected the words
 */
record Row(
        String address,
        String form,
        List<Place> places,
        String query,
        String body,
        List<String> headers,
        Reading reading,
        Expected expected) {
    /** What {@code who} is told of {@code place}, in an org that is open or not. */
    @FunctionalInterface
    interface Expected {
        String of(Who who, Place place, boolean open);
    }

    /** How an answer is read. */
    enum Reading {
        /** Its status, and its problem's code. */
        STATUS,
        /** The same, and the verdict on the one append. */
        VERDICT,
        /** The same, and which aggregates it tells of. */
        SIGHT
    }

    String name() {
        return form.isEmpty() ? address : address + " (" + form + ")";
    }

    String method() {
        return address.substring(0, address.indexOf(' '));
    }

    String template() {
        return address.substring(address.indexOf(' ') + 1);
    }
}
