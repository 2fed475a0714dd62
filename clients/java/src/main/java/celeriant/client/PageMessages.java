package celeriant.client;

import celeriant.client.gateway.StreamMessage;
import celeriant.model.RecordedEvent;
import celeriant.wire.PageReader;
import celeriant.wire.PageWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A page of the merged log as the messages that a stream would have brought, in the same order. Stateless. */
final class PageMessages {
    private PageMessages() {}

    static List<StreamMessage> of(PageReader.Page page) {
        List<StreamMessage> messages = new ArrayList<>();
        List<RecordedEvent> rest = new ArrayList<>(page.events());
        long upTo = page.next() == null ? page.position() : page.next();
        List<PageWriter.RightChange> rights = page.rights().stream()
                .sorted(Comparator.comparingLong(PageWriter.RightChange::position))
                .toList();
        for (PageWriter.RightChange right : rights) {
            List<RecordedEvent> before = rest.stream()
                    .filter(event -> event.position() < right.position())
                    .toList();
            if (!before.isEmpty()) {
                messages.add(new StreamMessage.Events(
                        before, before.get(before.size() - 1).position()));
                rest.subList(0, before.size()).clear();
            }
            messages.add(
                    right.level() == null
                            ? new StreamMessage.Revoked(right.aggregate(), right.position())
                            : new StreamMessage.Granted(right.aggregate(), right.level(), right.position()));
        }
        messages.add(new StreamMessage.Events(rest, upTo));
        if (page.next() != null) {
            messages.add(new StreamMessage.Agreed(upTo, page.log(), page.hash()));
        } else {
            messages.add(new StreamMessage.CaughtUp(page.position(), page.log(), page.hash()));
        }
        return messages;
    }
}
